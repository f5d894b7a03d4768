'use client';

import { restart, setUnschedulable } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { useConfirmed } from './use-confirmed.js';

export function RestartDialog({ object, resource, target, onClose }: ActionTarget) {
  const t = useTranslations('actions');
  const name = object.metadata.name ?? '';
  const { busy, submit } = useConfirmed({
    name: t('restart'),
    run: () => restart(target, new Date()),
    done: t('restartDone', { name }),
    onClose,
  });
  return (
    <ActionDialog
      title={t('restartTitle', { name })}
      lead={t('restartLead')}
      submit={t('restartSubmit')}
      busy={busy}
      command={kubectl.restart(resource, object)}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}

export function CordonDialog({ object, target, onClose }: ActionTarget) {
  const t = useTranslations('actions');
  const name = object.metadata.name ?? '';
  const { busy, submit } = useConfirmed({
    name: t('cordon'),
    run: () => setUnschedulable(target, true),
    done: t('cordonDone', { name }),
    undo: { run: () => setUnschedulable(target, false), done: t('uncordonDone', { name }) },
    onClose,
  });
  return (
    <ActionDialog
      title={t('cordonTitle', { name })}
      lead={t('cordonLead')}
      submit={t('cordonSubmit')}
      busy={busy}
      command={kubectl.cordon(object)}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}
