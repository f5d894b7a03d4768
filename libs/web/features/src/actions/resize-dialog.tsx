'use client';

import type { PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { resizeClaim, useKnowledge, useLive } from '@binnacle/web-data';
import { TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { units } from '../objects/quantities.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { as } from '../view/kind-view.js';
import { classOf } from '../volumes/claim-binding.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { useAction } from './use-action.js';

const QUANTITY = /^\d+(\.\d+)?([KMGTPE]i?|k)?$/;

/** Why the claim cannot be asked for so much; undefined where it can. */
function useHindrance(claim: PersistentVolumeClaim, now: string, wanted: string): string | undefined {
  const t = useTranslations('volumes');
  const view = useLive(useQueryOf('storageclasses.storage.k8s.io', {}));
  const { certainty } = useKnowledge(view);
  const found = classOf(claim, view.items as unknown as readonly StorageClass[]);
  if (claim.status?.phase !== 'Bound') return t('resizeUnbound');
  if (certainty === 'current' && found?.allowVolumeExpansion !== true) {
    return t('resizeClass', { name: claim.spec?.storageClassName ?? '' });
  }
  if (!QUANTITY.test(wanted)) return t('resizeInvalid');
  return units(wanted) > units(now) ? undefined : t('resizeSmaller', { now });
}

/** Asks for a larger volume: it can only grow, and only where its class lets it. */
export function ResizeDialog({ object, resource, target, onClose }: ActionTarget) {
  const t = useTranslations('volumes');
  const claim = as<PersistentVolumeClaim>(object);
  const [now] = useState(() => String(claim.spec?.resources?.requests?.['storage'] ?? '0'));
  const [text, setText] = useState(now);
  const { busy, run } = useAction(t('resize'));
  const wanted = text.trim();
  const hindrance = useHindrance(claim, now, wanted);
  const name = object.metadata.name ?? '';
  const submit = async () => {
    const done = await run(async () => {
      await resizeClaim(target, wanted);
      return { done: t('resizeDone', { name, size: wanted }) };
    });
    if (done) onClose();
  };
  return (
    <ActionDialog
      title={t('resizeTitle', { name })}
      lead={t('resizeLead', { now })}
      submit={t('resizeSubmit')}
      busy={busy}
      blocked={hindrance}
      command={kubectl.resize(resource, object, wanted)}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextField
        id="claim-size"
        label={t('resizeLabel')}
        autoFocus
        value={text}
        autoComplete="off"
        spellCheck={false}
        error={text === now ? undefined : hindrance}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
      />
    </ActionDialog>
  );
}
