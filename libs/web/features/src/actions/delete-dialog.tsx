'use client';

import { create, getObject, remove, type UnstructuredObject } from '@binnacle/web-data';
import { TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { canPutBack, isDangerous } from './abilities.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { asWritten } from './put-back.js';
import { useAction } from './use-action.js';
import { useConsequence } from './use-consequence.js';

/** Says what goes, asks for the name where the loss is great, and offers to put back what was written by hand. */
export function DeleteDialog({ object, resource, target, onClose }: ActionTarget) {
  const t = useTranslations('actions');
  const [typed, setTyped] = useState('');
  // The object as it was when the question was asked, whatever happens to it meanwhile.
  const [subject] = useState(object);
  const { busy, run } = useAction(t('delete'));
  const consequence = useConsequence(resource, subject);
  const name = subject.metadata.name ?? '';
  const dangerous = isDangerous(resource, subject);
  const putBack = async (whole: UnstructuredObject) => {
    const { name: _, ...collection } = target;
    await create(collection, asWritten(whole));
    return { done: t('recreateDone', { name }) };
  };
  const submit = async () => {
    const done = await run(async () => {
      // What is on the page may lack values that a list is not sent.
      const whole = canPutBack(resource) ? await getObject(target).catch(() => undefined) : undefined;
      await remove(target, subject);
      const undo = whole && { label: t('recreate'), run: () => void run(() => putBack(whole)) };
      return { done: t('deletePending', { name }), ...(undo && { undo }) };
    });
    if (done) onClose();
  };
  return (
    <ActionDialog
      title={t('deleteTitle', { kind: resource.kind, name })}
      lead={consequence}
      submit={t('deleteSubmit')}
      danger
      busy={busy}
      blocked={dangerous && typed !== name ? t('deleteTyped', { name }) : undefined}
      command={kubectl.delete(resource, subject)}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      {dangerous && (
        <TextField
          id="typed-name"
          label={t('deleteTyped', { name })}
          value={typed}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
    </ActionDialog>
  );
}
