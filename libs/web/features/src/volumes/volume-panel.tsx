'use client';

import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { Panel, Status } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { genericStatus } from '../view/generic-status.js';
import { as, type PanelProps } from '../view/kind-view.js';

const PHASES = ['Pending', 'Available', 'Bound', 'Released', 'Failed'] as const;

/** What becomes of the volume when its claim goes: what it holds stays, or goes as well. */
const POLICIES = ['Retain', 'Delete', 'Recycle'] as const;

/** The words for its phase and for its policy; for what is not known the first. */
function wordsOf({ spec, status }: PersistentVolume) {
  const phase = PHASES.find((each) => each === status?.phase) ?? 'Pending';
  const policy = POLICIES.find((each) => each === spec?.persistentVolumeReclaimPolicy) ?? 'Retain';
  return { phase, policy };
}

function claimOf({ spec }: PersistentVolume): string {
  return [spec?.claimRef?.namespace, spec?.claimRef?.name].filter(Boolean).join('/');
}

/** Whose a volume is, and what becomes of what it holds, in plain words. */
export function VolumeState({ object }: PanelProps) {
  const t = useTranslations('volumes');
  const volume = as<PersistentVolume>(object);
  const { phase, policy } = wordsOf(volume);
  const message = volume.status?.message;
  const tone = phase === 'Released' ? 'warn' : (genericStatus(object)?.tone ?? 'progress');
  return (
    <Panel title={t('volumeTitle')}>
      <div className="flex flex-col gap-2 text-sm">
        <Status tone={tone}>{phase}</Status>
        <p>{t(`phase.${phase}`, { claim: claimOf(volume) })}</p>
        {message && <p className="break-words text-ink-2">{message}</p>}
        <p className="text-ink-2">{t(phase === 'Released' ? `released.${policy}` : `policy.${policy}`)}</p>
      </div>
    </Panel>
  );
}
