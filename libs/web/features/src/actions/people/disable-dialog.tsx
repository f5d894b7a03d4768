'use client';

import { setDisabled } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { ActionDialog } from '../action-dialog.js';
import type { ActionTarget } from '../action-target.js';
import { useAction } from '../use-action.js';

/** Somebody is not to sign in any more. */
export function DisableDialog({ object, target, onClose }: ActionTarget) {
  const t = useTranslations();
  const { busy, run } = useAction(t('people.disable'));
  const name = object.metadata.name ?? '';
  const enable = async () => {
    await setDisabled(target, false);
    return { done: t('people.enableDone', { name }) };
  };
  const submit = async () => {
    const done = await run(async () => {
      await setDisabled(target, true);
      const undo = { label: t('actions.undo'), run: () => void run(enable) };
      return { done: t('people.disableDone', { name }), undo };
    });
    if (done) onClose();
  };
  return (
    <ActionDialog
      title={t('people.disableTitle', { name })}
      lead={t('people.disableLead')}
      submit={t('people.disableSubmit')}
      danger
      busy={busy}
      command={`binnacle user disable ${name}`}
      onSubmit={() => void submit()}
      onClose={onClose}
    />
  );
}
