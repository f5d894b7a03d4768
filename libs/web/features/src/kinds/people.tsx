import type { Invitation, Team, User } from '@binnacle/apis-iam';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { Age } from '../objects/age.js';
import { statusColumn, textColumn } from '../objects/columns.js';
import { linesFact, linkFact, plainFact } from '../objects/fact-lines.js';
import { Quiet } from '../objects/text.js';
import { PersonBindings, PersonSessions, PersonTeams } from '../people/person-panels.js';
import { TeamBindings, TeamMembers } from '../people/team-panels.js';
import { as, type KindColumn, type KindView, type ObjectStatus } from '../view/kind-view.js';

const IAM = 'iam.binnacle.dev/v1';

/** In words of the kind's own, as the statuses of all kinds are. */
function personStatus(object: UnstructuredObject): ObjectStatus {
  const { spec, status } = as<User>(object);
  if (spec?.disabled) return { tone: 'idle', label: 'Disabled' };
  if (status?.mustChangePassword) return { tone: 'warn', label: 'MustChangePassword' };
  return { tone: 'ok', label: 'Active' };
}

function timeColumn(id: string, title: string, read: (object: UnstructuredObject) => string | undefined): KindColumn {
  return {
    id,
    title,
    track: '8rem',
    from: 560,
    value: (object) => read(object) ?? '',
    cell: (object) => (
      <Quiet>
        <Age time={read(object)} />
      </Quiet>
    ),
  };
}

/** What somebody or something is called by people. */
function nameColumn(t: Translate, read: (object: UnstructuredObject) => string | undefined): KindColumn {
  return textColumn({ id: 'displayName', title: t('people.displayName'), track: 'minmax(6rem,1fr)', from: 480, read });
}

function personColumns(t: Translate): KindColumn[] {
  return [
    nameColumn(t, (object) => as<User>(object).spec?.displayName),
    textColumn({
      id: 'email',
      title: t('people.email'),
      track: 'minmax(6rem,1fr)',
      from: 760,
      read: (object) => as<User>(object).spec?.email,
    }),
    statusColumn(t, 'minmax(6rem,12rem)', personStatus),
    timeColumn('lastSignIn', t('people.lastSignIn'), (object) => as<User>(object).status?.lastSignIn),
  ];
}

export const userView: KindView = {
  status: personStatus,
  columns: personColumns,
  facts: (object, t) => {
    const { status } = as<User>(object);
    return [
      ...linesFact(t('people.identities'), status?.identities),
      ...plainFact(t('people.passkeys'), status?.passkeys),
    ];
  },
  panels: [PersonTeams, PersonBindings, PersonSessions],
  actions: { dangerous: true, person: (object) => (as<User>(object).spec?.disabled ? 'disabled' : 'active') },
};

export const teamView: KindView = {
  columns: (t) => [
    nameColumn(t, (object) => as<Team>(object).spec?.displayName),
    textColumn({
      id: 'members',
      title: t('people.members'),
      track: '6rem',
      align: 'end',
      read: (object) => as<Team>(object).spec?.members?.length ?? 0,
    }),
  ],
  panels: [TeamMembers, TeamBindings],
  actions: { dangerous: true, team: true },
};

const TONES = { Pending: 'progress', Accepted: 'ok', Expired: 'idle' } as const;

function invitationStatus(object: UnstructuredObject): ObjectStatus {
  const { spec, status } = as<Invitation>(object);
  const told = status?.phase ?? 'Pending';
  const isOver = told === 'Pending' && Date.parse(spec?.expiresAt ?? '') < Date.now();
  const phase = isOver ? 'Expired' : told;
  return { tone: TONES[phase], label: phase };
}

export const invitationView: KindView = {
  status: invitationStatus,
  columns: (t) => [
    nameColumn(t, (object) => as<Invitation>(object).spec?.displayName ?? as<Invitation>(object).spec?.email),
    textColumn({
      id: 'teams',
      title: t('people.teams'),
      track: 'minmax(6rem,1fr)',
      from: 620,
      read: (object) => as<Invitation>(object).spec?.teams?.join(', '),
    }),
    statusColumn(t, 'minmax(6rem,1fr)', invitationStatus),
  ],
  facts: (object, t) =>
    linkFact(t('people.acceptedBy'), {
      apiVersion: IAM,
      kind: 'User',
      name: as<Invitation>(object).status?.acceptedBy,
    }),
  actions: { invitation: (object) => as<Invitation>(object).status?.phase !== 'Accepted', fleeting: true },
};
