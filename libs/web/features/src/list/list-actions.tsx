'use client';

import { type Resource, resourceId, rightOn } from '@binnacle/web-data';
import { Button } from '@binnacle/web-ui';
import { UserRoundPlus, UsersRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { InviteDialog } from '../actions/people/invite-dialog.js';
import { NewTeamDialog } from '../actions/people/new-team-dialog.js';
import { refusalProps, useRefusal } from '../rights/use-missing.js';

interface Making {
  /** The kind of what is made. */
  readonly makes: string;
  readonly label: 'invite' | 'newTeam';
  readonly icon: ReactNode;
  readonly Dialog: (props: { onClose: () => void }) => ReactNode;
}

const INVITING: Making = {
  makes: 'invitations',
  label: 'invite',
  icon: <UserRoundPlus aria-hidden="true" />,
  Dialog: InviteDialog,
};
const TEAMING: Making = {
  makes: 'teams',
  label: 'newTeam',
  icon: <UsersRound aria-hidden="true" />,
  Dialog: NewTeamDialog,
};

/** Kinds that have a way of their own to make one. */
const MAKINGS: Readonly<Record<string, Making>> = {
  'users.iam.binnacle.dev': INVITING,
  'invitations.iam.binnacle.dev': INVITING,
  'teams.iam.binnacle.dev': TEAMING,
};

function MakeButton({ resource, making }: { resource: Resource; making: Making }) {
  const t = useTranslations('people');
  const [isOpen, setOpen] = useState(false);
  const { makes, label, icon, Dialog } = making;
  const refusal = useRefusal([rightOn('create', { ...resource, resource: makes })]);
  return (
    <>
      <Button variant="primary" icon={icon} onClick={() => setOpen(true)} {...refusalProps(refusal)}>
        {t(label)}
      </Button>
      {isOpen && <Dialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** What can be made from a list, of the few kinds that are not made by a text. */
export function ListActions({ resource }: { resource: Resource }) {
  const making = MAKINGS[resourceId(resource)];
  return making && resource.verbs.includes('update') ? <MakeButton resource={resource} making={making} /> : null;
}
