'use client';

import { createTeam } from '@binnacle/web-data';
import { showToast, TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionDialog } from '../action-dialog.js';
import { useMaking } from './use-making.js';

/** A team without members. */
export function NewTeamDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('people');
  const rest = useTranslations('account');
  const [typed, setTyped] = useState('');
  const name = typed.trim();
  const { busy, fault, make } = useMaking(async () => {
    await createTeam(name);
    showToast({ tone: 'ok', text: t('teamMade', { name }) });
    onClose();
  });
  return (
    <ActionDialog
      title={t('newTeamTitle')}
      lead={t('newTeamLead', { name: name || '…' })}
      submit={t('teamSubmit')}
      busy={busy}
      blocked={name ? undefined : rest('needsName')}
      command={`binnacle team add ${name || '…'}`}
      onSubmit={make}
      onClose={onClose}
    >
      <TextField
        id="team-name"
        label={t('teamName')}
        hint={t('teamNameHint')}
        value={typed}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setTyped(target.value)}
      />
      {fault}
    </ActionDialog>
  );
}
