'use client';

import { endSessionsOf, fetchSessionsOf, IAM, objectRef, rightOn } from '@binnacle/web-data';
import { Button, Panel, showToast } from '@binnacle/web-ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Age } from '../objects/age.js';
import { KindLink } from '../objects/links.js';
import { RowsTable } from '../objects/rows-panel.js';
import { Mono, OrNone } from '../objects/text.js';
import { refusalProps, useRefusal } from '../rights/use-missing.js';
import type { PanelProps } from '../view/kind-view.js';
import { BindingsPanel } from './bindings-panel.js';
import { holdersOfPerson, teamsOf, useTeams } from './people.js';

const USERS = { ...IAM, resource: 'users', namespaced: false };
const ASKED_AGAIN_MILLISECONDS = 10_000;

/** The teams somebody belongs to. */
export function PersonTeams({ object }: PanelProps) {
  const t = useTranslations('people');
  const own = teamsOf(object.metadata.name ?? '', useTeams());
  return (
    <Panel title={t('teams')} count={own.length}>
      {own.length === 0 && <p className="text-sm text-ink-3">{t('noTeams')}</p>}
      <ul className="flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
        {own.map(({ metadata: { name = '' } }) => (
          <li key={name}>
            <KindLink apiVersion={object.apiVersion} kind="Team" name={name} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What somebody may do where, themselves and by their teams. */
export function PersonBindings({ object }: PanelProps) {
  const { name } = objectRef(object);
  const teams = useTeams();
  const holders = useMemo(() => holdersOfPerson(name, teams), [name, teams]);
  return <BindingsPanel holders={holders} />;
}

/** Where somebody is signed in, for who may see that, and the way to end it all. */
export function PersonSessions({ object }: PanelProps) {
  const t = useTranslations();
  const { name } = objectRef(object);
  const queries = useQueryClient();
  const queryKey = ['sessions-of', name];
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchSessionsOf(name, signal),
    refetchInterval: ASKED_AGAIN_MILLISECONDS,
    retry: false,
  });
  const refusal = useRefusal([rightOn('delete', USERS, { name, subresource: 'sessions' })]);
  const endAll = async () => {
    try {
      await endSessionsOf(name);
      showToast({ tone: 'ok', text: t('people.allEnded', { name }) });
      await queries.invalidateQueries({ queryKey });
    } catch (fault) {
      showToast({ tone: 'error', text: fault instanceof Error ? fault.message : String(fault) });
    }
  };
  const rows = (data ?? []).map(({ userAgent, address, created, lastSeen }) => [
    <span key="agent" className="line-clamp-1 break-all">
      <OrNone>{userAgent}</OrNone>
    </span>,
    <Mono key="address">
      <OrNone>{address}</OrNone>
    </Mono>,
    <Age key="since" time={created} />,
    <Age key="seen" time={lastSeen} />,
  ]);
  const end = rows.length > 0 && (
    <Button className="h-7!" onClick={() => void endAll()} {...refusalProps(refusal)}>
      {t('people.endAll')}
    </Button>
  );
  return (
    <Panel title={t('people.sessions')} count={data?.length} actions={end} flush>
      {error && <p className="px-4 py-3 text-sm text-ink-3">{error.message}</p>}
      {data?.length === 0 && <p className="px-4 py-3 text-sm text-ink-3">{t('people.noSessions')}</p>}
      {rows.length > 0 && (
        <RowsTable
          title={t('people.sessions')}
          head={[t('account.device'), t('account.address'), t('account.since'), t('account.seen')]}
          rows={rows}
        />
      )}
    </Panel>
  );
}
