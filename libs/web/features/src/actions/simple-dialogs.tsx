'use client';

import { restart, setUnschedulable } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { useAction } from './use-action.js';

export function RestartDialog({ object, resource, target, onClose }: ActionTarget) {
  const t = useTranslations('actions');
  const { busy, run } = useAction(t('restart'));
  const name = object.metadata.name ?? '';
  const submit = async () => {
    const done = await run(async () => {
      await restart(target, new Date());
      return { done: t('restartDone', { name }) };
    });
    if (done) onClose();
  };
  return (
    <ActionDialog
      title={t('restartTitle', { name })}
      lead={t('restartLead')}
      submit={t('restartSubmit')}
      busy={busy}
      command={kubectl.restart(resource, object)}
      onSubmit={() => void submit()}
      onClose={onClose}
    />
  );
}

export function CordonDialog({ object, target, onClose }: ActionTarget) {
  const t = useTranslations('actions');
  const { busy, run } = useAction(t('cordon'));
  const name = object.metadata.name ?? '';
  const allow = async () => {
    await setUnschedulable(target, false);
    return { done: t('uncordonDone', { name }) };
  };
  const submit = async () => {
    const done = await run(async () => {
      await setUnschedulable(target, true);
      return { done: t('cordonDone', { name }), undo: { label: t('undo'), run: () => void run(allow) } };
    });
    if (done) onClose();
  };
  return (
    <ActionDialog
      title={t('cordonTitle', { name })}
      lead={t('cordonLead')}
      submit={t('cordonSubmit')}
      busy={busy}
      command={kubectl.cordon(object)}
      onSubmit={() => void submit()}
      onClose={onClose}
    />
  );
}
