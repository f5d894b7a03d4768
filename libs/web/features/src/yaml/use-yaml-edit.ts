'use client';

import { isConflict } from '@binnacle/machinery-meta';
import { type ApiTarget, replace, type UnstructuredObject } from '@binnacle/web-data';
import { showToast } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { changedByOthers, parseYaml, toYaml } from './document.js';
import { complaintsOf, type ServerComplaint } from './server-errors.js';

export interface YamlEdit {
  readonly editing: boolean;
  readonly text: string;
  readonly complaints: readonly ServerComplaint[];
  /** Somebody else changed the object meanwhile. */
  readonly conflict: boolean;
  readonly busy: boolean;
  /** The server's dry run of the text: as it is, and as it would be. */
  readonly review: { readonly before: string; readonly after: string } | undefined;
  start(): void;
  stop(): void;
  change(text: string): void;
  tryOut(): Promise<void>;
  apply(options?: { readonly overwrite: boolean }): Promise<void>;
  backToEditing(): void;
}

interface Draft {
  readonly base: UnstructuredObject;
  readonly text: string;
}

/** The draft of an object: nothing that was typed is lost, whatever happens to the object meanwhile. */
export function useYamlEdit(object: UnstructuredObject, target: ApiTarget): YamlEdit {
  const t = useTranslations('yaml');
  const [draft, setDraft] = useState<Draft>();
  const [complaints, setComplaints] = useState<readonly ServerComplaint[]>([]);
  const [review, setReview] = useState<YamlEdit['review']>();
  const [refused, setRefused] = useState(false);
  const [busy, setBusy] = useState(false);
  const text = draft?.text ?? '';
  const conflict = draft !== undefined && (refused || changedByOthers(draft.base, object));

  /** Answers the body to send; undefined where the text is not even YAML. */
  const body = (overwrite: boolean): UnstructuredObject | undefined => {
    const parsed = parseYaml(text);
    if (!('object' in parsed)) {
      setComplaints([{ field: '', message: t('syntax', { message: parsed.message }), line: parsed.line }]);
      return undefined;
    }
    // A change of the status alone is no conflict: the text is put on what the object is now.
    const { resourceVersion } = conflict && !overwrite ? (draft?.base.metadata ?? {}) : object.metadata;
    return { ...parsed.object, metadata: { ...parsed.object.metadata, ...(resourceVersion && { resourceVersion }) } };
  };

  const send = async (dryRun: boolean, overwrite: boolean): Promise<UnstructuredObject | undefined> => {
    const wanted = body(overwrite);
    if (!wanted) return undefined;
    setBusy(true);
    setComplaints([]);
    try {
      return await replace(target, wanted, { dryRun });
    } catch (error) {
      setReview(undefined);
      if (isConflict(error) && error.details?.causes === undefined) setRefused(true);
      else setComplaints(complaintsOf(error, text));
      return undefined;
    } finally {
      setBusy(false);
    }
  };

  const stop = () => {
    setDraft(undefined);
    setComplaints([]);
    setReview(undefined);
    setRefused(false);
  };

  return {
    editing: draft !== undefined,
    text,
    complaints,
    conflict,
    busy,
    review,
    start: () => setDraft({ base: object, text: toYaml(object) }),
    stop,
    change: (next) => {
      setDraft((current) => current && { ...current, text: next });
      setComplaints((current) => (current.length ? [] : current));
    },
    tryOut: async () => {
      const after = await send(true, true);
      if (after) setReview({ before: toYaml(object), after: toYaml(after) });
    },
    apply: async (options) => {
      const applied = await send(false, options?.overwrite ?? false);
      if (!applied) return;
      stop();
      showToast({ tone: 'ok', text: t('applied', { name: object.metadata.name ?? '' }) });
    },
    backToEditing: () => setReview(undefined),
  };
}
