'use client';

import { setDisabled } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { ActionDialog } from '../action-dialog.js';
import type { ActionTarget } from '../action-target.js';
import { useConfirmed } from '../use-confirmed.js';

/** Somebody is not to sign in any more. */
export function DisableDialog({ object, target, onClose }: ActionTarget) {
  const t = useTranslations();
  const name = object.metadata.name ?? '';
  const { busy, submit } = useConfirmed({
    name: t('people.disable'),
    run: () => setDisabled(target, true),
    done: t('people.disableDone', { name }),
    undo: { run: () => setDisabled(target, false), done: t('people.enableDone', { name }) },
    onClose,
  });
  return (
    <ActionDialog
      title={t('people.disableTitle', { name })}
      lead={t('people.disableLead')}
      submit={t('people.disableSubmit')}
      danger
      busy={busy}
      command={`binnacle user disable ${name}`}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}
