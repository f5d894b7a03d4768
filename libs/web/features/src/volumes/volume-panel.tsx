'use client';

import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { Panel, Status } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { genericStatus } from '../view/generic-status.js';
import { as, type PanelProps } from '../view/kind-view.js';

const PHASES = ['Pending', 'Available', 'Bound', 'Released', 'Failed'] as const;

/** What becomes of the volume when its claim goes: what it holds stays, or goes as well. */
const POLICIES = ['Retain', 'Delete', 'Recycle'] as const;

/** Whose a volume is, and what becomes of what it holds, in plain words. */
export function VolumeState({ object }: PanelProps) {
  const t = useTranslations('volumes');
  const { spec, status } = as<PersistentVolume>(object);
  const phase = PHASES.find((each) => each === status?.phase) ?? 'Pending';
  const policy = POLICIES.find((each) => each === spec?.persistentVolumeReclaimPolicy) ?? 'Retain';
  const claim = [spec?.claimRef?.namespace, spec?.claimRef?.name].filter(Boolean).join('/');
  const stands = genericStatus(object);
  return (
    <Panel title={t('volumeTitle')}>
      <div className="flex flex-col gap-2 text-sm">
        <Status tone={phase === 'Released' ? 'warn' : (stands?.tone ?? 'progress')}>{phase}</Status>
        <p>{t(`phase.${phase}`, { claim })}</p>
        {status?.message && <p className="break-words text-ink-2">{status.message}</p>}
        <p className="text-ink-2">{t(phase === 'Released' ? `released.${policy}` : `policy.${policy}`)}</p>
      </div>
    </Panel>
  );
}
