'use client';

import { presentCluster } from '@binnacle/machinery-meta';
import { fetchSession, type Session, useCluster, viewedAs } from '@binnacle/web-data';
import { NoticeBar, Panel, showToast, SkeletonRows } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { Glasses } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Mono } from '../objects/text.js';
import { Until } from '../objects/until.js';
import { NewPasswordForm } from '../sign-in/new-password-form.js';
import { KubectlPanel } from './kubectl-panel.js';
import { PasskeysPanel } from './passkeys-panel.js';
import { SessionsPanel } from './sessions-panel.js';
import { TokensPanel } from './tokens-panel.js';

function Profile({ session }: { session: Session }) {
  const t = useTranslations('account');
  const { user, displayName, groups, expiresAt } = session;
  const facts = [
    [t('user'), <Mono key="user">{user}</Mono>],
    ...(displayName ? [[t('displayName'), displayName] as const] : []),
    [t('groups'), <Mono key="groups">{groups.join(', ')}</Mono>],
    ...(expiresAt ? [[t('ends'), <Until key="until" time={Date.parse(expiresAt)} />] as const] : []),
  ] as const;
  return (
    <Panel title={t('profile')}>
      <dl className="grid grid-cols-[minmax(6.5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
        {facts.map(([label, value]) => (
          <div key={String(label)} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function PasswordPanel({ user }: { user: string }) {
  const t = useTranslations();
  // A form that is done begins anew, empty.
  const [times, setTimes] = useState(0);
  const done = () => {
    setTimes(times + 1);
    showToast({ tone: 'ok', text: t('password.changed') });
  };
  return (
    <Panel title={t('account.password')}>
      <p className="mb-3 text-sm text-ink-3">{t('account.passwordLead')}</p>
      <NewPasswordForm key={times} user={user} onDone={done} />
    </Panel>
  );
}

/** What whoever is signed in has and signs in with. */
export function AccountPage() {
  const t = useTranslations();
  const cluster = presentCluster(useCluster().cluster);
  const { data: session } = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => fetchSession(signal) });
  return (
    <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]">
      <header className="px-4 pt-4 pb-3 md:px-6">
        <h1 className="text-xl font-semibold tracking-tight">{t('account.title')}</h1>
      </header>
      {viewedAs() && (
        <NoticeBar tone="warn" icon={<Glasses aria-hidden="true" />}>
          {t('account.imitating')}
        </NoticeBar>
      )}
      {!session && <SkeletonRows label={t('app.loading')} />}
      {session && (
        <div className="grid gap-4 px-4 pb-6 md:px-6 xl:grid-cols-[minmax(0,1fr)_23rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <SessionsPanel user={session.user} />
            <TokensPanel user={session.user} cluster={cluster} />
            <PasskeysPanel user={session.user} />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <Profile session={session} />
            <PasswordPanel user={session.user} />
            <KubectlPanel user={session.user} cluster={cluster} />
          </div>
        </div>
      )}
    </div>
  );
}
