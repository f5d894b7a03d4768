'use client';

import { endOtherSessions, endSession, fetchSessions, type OpenSession } from '@binnacle/web-data';
import { Button, Panel, showToast, Tag } from '@binnacle/web-ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { messageOf } from '../actions/use-action.js';
import { Age } from '../objects/age.js';
import { RowsTable } from '../objects/rows-panel.js';
import { Mono, OrNone } from '../objects/text.js';
import { Until } from '../objects/until.js';
import { deviceName } from './device-name.js';
import { useFresh } from './use-fresh.js';

const KEY = ['account', 'sessions'];
/** Another browser may sign in, or be signed out, at any time. */
const ASKED_AGAIN_MILLISECONDS = 10_000;

function SessionName({ session }: { session: OpenSession }) {
  const t = useTranslations('account');
  return (
    <span title={session.userAgent} className="flex flex-wrap items-center gap-2">
      {deviceName(session.userAgent) ?? t('unknownDevice')}
      {session.current && <Tag tone="ok">{t('thisSession')}</Tag>}
    </span>
  );
}

/** Where one is signed in, and the way out of each. */
export function SessionsPanel({ user }: { user: string }) {
  const t = useTranslations('account');
  const queries = useQueryClient();
  const { run, dialog } = useFresh(user);
  const { data, error } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => fetchSessions(signal),
    refetchInterval: ASKED_AGAIN_MILLISECONDS,
    retry: false,
  });
  const end = (act: () => Promise<unknown>, done?: string) =>
    run(async () => {
      await act();
      if (done) showToast({ tone: 'ok', text: done });
      await queries.invalidateQueries({ queryKey: KEY });
    });
  const others = data?.filter(({ current }) => !current) ?? [];
  const rows = (data ?? []).map((session) => [
    <SessionName key="name" session={session} />,
    <Mono key="address">
      <OrNone>{session.address}</OrNone>
    </Mono>,
    <Age key="since" time={session.created} />,
    <Age key="seen" time={session.lastSeen} />,
    <Until key="until" time={Date.parse(session.expiresAt)} />,
    session.current ? null : (
      <Button
        key="end"
        className="h-7!"
        aria-label={t('endSession', { device: deviceName(session.userAgent) ?? t('unknownDevice') })}
        onClick={() => void end(() => endSession(session.id))}
      >
        {t('end')}
      </Button>
    ),
  ]);
  const all = others.length > 0 && (
    <Button className="h-7!" onClick={() => void end(endOtherSessions, t('othersEnded'))}>
      {t('endOthers')}
    </Button>
  );
  return (
    <Panel title={t('sessions')} count={data?.length} actions={all} flush>
      {error && <p className="px-4 py-3 text-sm text-error">{messageOf(error)}</p>}
      {data && (
        <RowsTable
          title={t('sessions')}
          head={[t('device'), t('address'), t('since'), t('seen'), t('until'), t('action')]}
          rows={rows}
        />
      )}
      {dialog}
    </Panel>
  );
}
