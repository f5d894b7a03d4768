'use client';

import { setSuspended } from '@binnacle/web-data';
import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { useTranslations } from 'next-intl';
import { as } from '../view/kind-view.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { useConfirmed } from './use-confirmed.js';

/** A Job's Pods are stopped; a CronJob only makes no more Jobs. */
export function SuspendDialog({ object, resource, target, onClose }: ActionTarget) {
  const t = useTranslations();
  const name = object.metadata.name ?? '';
  const { busy, submit } = useConfirmed({
    name: t('batch.suspend'),
    run: () => setSuspended(target, true),
    done: t('batch.suspendDone', { name }),
    undo: { run: () => setSuspended(target, false), done: t('batch.resumeDone', { name }) },
    onClose,
  });
  const active = as<Job>(object).status?.active ?? 0;
  const lead = resource.kind === 'Job' ? t('batch.suspendJob', { active }) : t('batch.suspendCron');
  return (
    <ActionDialog
      title={t('batch.suspendTitle', { name })}
      lead={lead}
      submit={t('batch.suspendSubmit')}
      busy={busy}
      command={kubectl.suspend(resource, object, true)}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}
