'use client';

import { isConflict } from '@binnacle/machinery-meta';
import { type ApiTarget, replace, type UnstructuredObject } from '@binnacle/web-data';
import { showToast } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { atVersion, changedByOthers, inOrderOf, parseYaml, toYaml, withoutCounters } from './document.js';
import { type Draft, draftKey } from './drafts.js';
import { mergeChanges } from './merge.js';
import { complaintsOf, type ServerComplaint } from './server-errors.js';
import { useDraft } from './use-draft.js';

export interface YamlEdit {
  readonly editing: boolean;
  readonly text: string;
  readonly complaints: readonly ServerComplaint[];
  /** Somebody else changed the object meanwhile. */
  readonly conflict: boolean;
  readonly busy: boolean;
  /** The server's dry run of the text: as it is, and as it would be. */
  readonly review: { readonly before: string; readonly after: string } | undefined;
  /** Takes their changes into the text; undefined where both have changed the same. */
  merge: (() => void) | undefined;
  start(): void;
  stop(): void;
  change(text: string): void;
  tryOut(): Promise<void>;
  apply(options?: { readonly overwrite: boolean }): Promise<void>;
  backToEditing(): void;
}

type Complain = (complaints: readonly ServerComplaint[]) => void;

/** The text as an object at `resourceVersion`; undefined, with a complaint, where it is not even YAML. */
function useReadDraft(complain: Complain) {
  const t = useTranslations('yaml');
  return (text: string, resourceVersion: string | undefined): UnstructuredObject | undefined => {
    const parsed = parseYaml(text);
    if ('object' in parsed) return atVersion(parsed.object, resourceVersion);
    complain([{ field: '', message: t('syntax', { message: parsed.message }), line: parsed.line, local: true }]);
    return undefined;
  };
}

interface Sending {
  readonly busy: boolean;
  /** Undefined where the server refused. */
  send(text: string, body: UnstructuredObject, dryRun: boolean): Promise<UnstructuredObject | undefined>;
}

function useSending(target: ApiTarget, complain: Complain, conflicted: () => void): Sending {
  const [busy, setBusy] = useState(false);
  const send: Sending['send'] = async (text, body, dryRun) => {
    setBusy(true);
    complain([]);
    try {
      return await replace(target, body, { dryRun });
    } catch (error) {
      if (isConflict(error) && error.details?.causes === undefined) conflicted();
      else complain(complaintsOf(error, text));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { busy, send };
}

/** The text with what others have changed since the draft was begun; undefined where that cannot be. */
function useMerged(draft: Draft | undefined, object: UnstructuredObject, conflict: boolean): string | undefined {
  return useMemo(() => {
    if (!draft || !conflict) return undefined;
    const [base, mine, theirs] = [toYaml(draft.base), draft.text, toYaml(object)].map(parseYaml);
    if (!base || !mine || !theirs) return undefined;
    if (!('object' in base) || !('object' in mine) || !('object' in theirs)) return undefined;
    const merged = mergeChanges(base.object, mine.object, theirs.object);
    return merged && toYaml(merged);
  }, [draft, object, conflict]);
}

/** The draft of an object: nothing that was typed is lost, whatever happens to the object meanwhile. */
export function useYamlEdit(object: UnstructuredObject, target: ApiTarget): YamlEdit {
  const t = useTranslations('yaml');
  const [draft, setDraft] = useDraft(draftKey(target.cluster, object));
  const [complaints, complain] = useState<readonly ServerComplaint[]>([]);
  const [review, setReview] = useState<YamlEdit['review']>();
  const [refused, setRefused] = useState(false);
  const read = useReadDraft(complain);
  const { busy, send } = useSending(target, complain, () => setRefused(true));
  const conflict = draft !== undefined && (refused || changedByOthers(draft.base, object));
  const merged = useMerged(draft, object, conflict);
  const merge = (text: string) => {
    setDraft(() => ({ base: object, text }));
    setReview(undefined);
    setRefused(false);
  };
  const stop = () => {
    setDraft(() => undefined);
    complain([]);
    setReview(undefined);
    setRefused(false);
  };
  const put = async (dryRun: boolean, overwrite: boolean): Promise<UnstructuredObject | undefined> => {
    if (!draft) return undefined;
    // A change of the status alone is no conflict: the text is put on what the object is now.
    const on = conflict && !overwrite ? draft.base : object;
    const body = read(draft.text, on.metadata.resourceVersion);
    return body && send(draft.text, body, dryRun);
  };
  return {
    editing: draft !== undefined,
    text: draft?.text ?? '',
    complaints,
    conflict,
    busy,
    review,
    merge: merged === undefined ? undefined : () => merge(merged),
    start: () => setDraft(() => ({ base: object, text: toYaml(object) })),
    stop,
    change: (text) => {
      setDraft((current) => current && { ...current, text });
      complain((current) => (current.length ? [] : current));
    },
    tryOut: async () => {
      const after = await put(true, true);
      const [before, next] = [object, inOrderOf(object, after)].map((each) => each && toYaml(withoutCounters(each)));
      setReview(before && next ? { before, after: next } : undefined);
    },
    apply: async ({ overwrite } = { overwrite: false }) => {
      if (!(await put(false, overwrite))) return setReview(undefined);
      stop();
      showToast({ tone: 'ok', text: t('applied', { name: object.metadata.name ?? '' }) });
    },
    backToEditing: () => setReview(undefined),
  };
}
