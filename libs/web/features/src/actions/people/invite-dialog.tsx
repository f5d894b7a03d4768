'use client';

import { createInvitation, makeInvitationLink } from '@binnacle/web-data';
import { TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useTeams } from '../../people/people.js';
import { ActionDialog } from '../action-dialog.js';
import { InvitationLink } from './link-dialog.js';
import { useMaking } from './use-making.js';

function TeamBoxes({ chosen, onChange }: { chosen: readonly string[]; onChange: (teams: readonly string[]) => void }) {
  const t = useTranslations('people');
  const teams = useTeams().map(({ metadata }) => metadata.name ?? '');
  if (teams.length === 0) return null;
  const toggle = (team: string, on: boolean) =>
    onChange(on ? [...chosen, team] : chosen.filter((each) => each !== team));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="pb-1 text-xs font-medium text-ink-2">{t('inviteTeams')}</legend>
      <div className="flex max-h-40 flex-wrap gap-x-4 gap-y-1.5 overflow-y-auto">
        {teams.map((team) => (
          <label key={team} className="flex items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              checked={chosen.includes(team)}
              onChange={({ target }) => toggle(team, target.checked)}
              className="accent-accent"
            />
            {team}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Somebody is invited: the invitation, and the link to it, once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('people');
  const [displayName, setDisplayName] = useState('');
  const [email, setEmail] = useState('');
  const [teams, setTeams] = useState<readonly string[]>([]);
  const [link, setLink] = useState<Awaited<ReturnType<typeof makeInvitationLink>>>();
  const { busy, fault, make } = useMaking(async () => {
    const spec = { ...(displayName && { displayName }), ...(email && { email }), teams };
    const { metadata } = await createInvitation(spec);
    setLink(await makeInvitationLink(metadata.name ?? ''));
  });
  if (link) return <InvitationLink link={link} onClose={onClose} />;
  return (
    <ActionDialog
      title={t('inviteTitle')}
      lead={t('inviteLead')}
      submit={t('inviteSubmit')}
      busy={busy}
      command={`binnacle invite${teams.map((team) => ` --team ${team}`).join('')}`}
      onSubmit={make}
      onClose={onClose}
    >
      <TextField
        id="invite-name"
        label={t('inviteName')}
        value={displayName}
        autoFocus
        autoComplete="off"
        onChange={({ target }) => setDisplayName(target.value)}
      />
      <TextField
        id="invite-email"
        label={t('inviteEmail')}
        type="email"
        value={email}
        autoComplete="off"
        onChange={({ target }) => setEmail(target.value)}
      />
      <TeamBoxes chosen={teams} onChange={setTeams} />
      {fault}
    </ActionDialog>
  );
}
