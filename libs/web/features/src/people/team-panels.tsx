'use client';

import type { Team, User } from '@binnacle/apis-iam';
import { call, IAM, objectRef, PEOPLE_CLUSTER, apiPath, rightOn } from '@binnacle/web-data';
import { Button, IconButton, inputClass, Panel, showToast } from '@binnacle/web-ui';
import { UserRoundMinus, UserRoundPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { KindLink } from '../objects/links.js';
import { refusalProps, type RefusalProps, useRefusal } from '../rights/use-missing.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { BindingsPanel } from './bindings-panel.js';
import { findPeople } from './member-search.js';
import { holdersOfTeam, usePeople } from './people.js';

const TEAMS = { ...IAM, resource: 'teams', namespaced: false };

/** Only where nobody else has changed it meanwhile: a list of members is written whole. */
function writeMembers({ metadata }: Team, members: readonly string[]): Promise<unknown> {
  const path = apiPath({ cluster: PEOPLE_CLUSTER, ...IAM, resource: 'teams', name: metadata.name ?? '' });
  const body = { metadata: { resourceVersion: metadata.resourceVersion }, spec: { members } };
  return call(path, { method: 'PATCH', body, contentType: 'application/merge-patch+json' });
}

function useMembership(team: Team) {
  const t = useTranslations('people');
  const members = team.spec?.members ?? [];
  const name = team.metadata.name ?? '';
  const write = async (next: readonly string[], done: string) => {
    try {
      await writeMembers(team, next);
      showToast({ tone: 'ok', text: done });
    } catch (error) {
      showToast({ tone: 'error', text: error instanceof Error ? error.message : String(error) });
    }
  };
  return {
    members,
    add: (user: string) => write([...members, user], t('added', { name: user, team: name })),
    remove: (user: string) => {
      const rest = members.filter((member) => member !== user);
      return write(rest, t('removed', { name: user, team: name }));
    },
  };
}

function Found({ person, onAdd, ...refusal }: { person: User; onAdd: () => void } & RefusalProps) {
  const { name = '' } = person.metadata;
  return (
    <li>
      <Button variant="ghost" className="w-full justify-start!" onClick={onAdd} {...refusal}>
        <UserRoundPlus className="size-4" aria-hidden="true" />
        <span className="truncate">
          {name}
          {person.spec?.displayName && <span className="text-ink-3"> {person.spec.displayName}</span>}
        </span>
      </Button>
    </li>
  );
}

/** Somebody is found by a part of their name, and belongs to it with one press. */
function AddMember(props: { members: readonly string[]; onAdd: (user: string) => void } & RefusalProps) {
  const t = useTranslations('people');
  const { members, onAdd, ...refusal } = props;
  const [typed, setTyped] = useState('');
  const people = usePeople();
  const found = typed.trim() ? findPeople(people, typed, members) : [];
  return (
    <div className="border-t border-line px-4 py-3">
      <input
        aria-label={t('addMember')}
        placeholder={`${t('addMember')}: ${t('addMemberHint')}`}
        value={typed}
        autoComplete="off"
        onChange={({ target }) => setTyped(target.value)}
        className={inputClass}
      />
      {typed.trim() && found.length === 0 && <p className="pt-2 text-xs text-ink-3">{t('nobodyFits')}</p>}
      <ul aria-label={t('addMember')} className="flex flex-col">
        {found.map((person) => (
          <Found
            key={person.metadata.name}
            person={person}
            {...refusal}
            onAdd={() => {
              onAdd(person.metadata.name ?? '');
              setTyped('');
            }}
          />
        ))}
      </ul>
    </div>
  );
}

/** Who belongs to a team. */
export function TeamMembers({ object }: PanelProps) {
  const t = useTranslations('people');
  const { members, add, remove } = useMembership(as<Team>(object));
  const refusal = refusalProps(useRefusal([rightOn('patch', TEAMS, { name: objectRef(object).name })]));
  return (
    <Panel title={t('members')} count={members.length} flush>
      {members.length === 0 && <p className="px-4 py-3 text-sm text-ink-3">{t('noMembers')}</p>}
      <ul>
        {members.map((member) => (
          <li
            key={member}
            className="flex min-h-10 items-center gap-2 border-b border-line/60 px-4 text-sm last:border-0"
          >
            <span className="min-w-0 flex-1 truncate">
              <KindLink apiVersion={object.apiVersion} kind="User" name={member} />
            </span>
            <IconButton label={t('remove', { name: member })} onClick={() => void remove(member)} {...refusal}>
              <UserRoundMinus aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <AddMember members={members} onAdd={(user) => void add(user)} {...refusal} />
    </Panel>
  );
}

/** What a team may do where. */
export function TeamBindings({ object }: PanelProps) {
  const { name } = objectRef(object);
  const holders = useMemo(() => holdersOfTeam(name), [name]);
  return <BindingsPanel holders={holders} />;
}
