'use client';

import { create, remove } from '@binnacle/web-data';
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
  const putBack = async () => {
    const { name: _, ...collection } = target;
    await create(collection, asWritten(subject));
    return { done: t('recreateDone', { name }) };
  };
  const submit = async () => {
    const done = await run(async () => {
      await remove(target, subject);
      const undo = { label: t('recreate'), run: () => void run(putBack) };
      return { done: t('deletePending', { name }), ...(canPutBack(resource) && { undo }) };
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
