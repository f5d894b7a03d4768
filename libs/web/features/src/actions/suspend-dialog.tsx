'use client';

import { setSuspended } from '@binnacle/web-data';
import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { useTranslations } from 'next-intl';
import { as } from '../view/kind-view.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { useAction } from './use-action.js';

/** A Job's Pods are stopped; a CronJob only makes no more Jobs. */
export function SuspendDialog({ object, resource, target, onClose }: ActionTarget) {
  const t = useTranslations();
  const { busy, run } = useAction(t('batch.suspend'));
  const name = object.metadata.name ?? '';
  const resume = async () => {
    await setSuspended(target, false);
    return { done: t('batch.resumeDone', { name }) };
  };
  const submit = async () => {
    const done = await run(async () => {
      await setSuspended(target, true);
      const undo = { label: t('actions.undo'), run: () => void run(resume) };
      return { done: t('batch.suspendDone', { name }), undo };
    });
    if (done) onClose();
  };
  const active = as<Job>(object).status?.active ?? 0;
  const lead = resource.kind === 'Job' ? t('batch.suspendJob', { active }) : t('batch.suspendCron');
  return (
    <ActionDialog
      title={t('batch.suspendTitle', { name })}
      lead={lead}
      submit={t('batch.suspendSubmit')}
      busy={busy}
      command={kubectl.suspend(resource, object, true)}
      onSubmit={() => void submit()}
      onClose={onClose}
    />
  );
}
