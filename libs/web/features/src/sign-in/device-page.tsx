'use client';

import { isNotFound } from '@binnacle/machinery-meta';
import {
  answerDeviceRequest,
  fetchDeviceRequest,
  fetchSession,
  pages,
  type Session,
  wantsSignInAgain,
} from '@binnacle/web-data';
import { Button, SkeletonRows, TextField } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { FrontPage } from './front-page.js';
import { SignInPanel } from './sign-in-panel.js';

/** The code of a terminal, typed by hand where the address does not tell it. */
function CodeForm({ onCode }: { onCode: (code: string) => void }) {
  const t = useTranslations('device');
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onCode(String(new FormData(event.currentTarget).get('code') ?? '').trim());
      }}
    >
      <TextField
        id="code"
        name="code"
        label={t('enter')}
        placeholder="BCDF-GHJK"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        autoFocus
        required
        className="h-9 font-mono uppercase"
      />
      <Button type="submit" variant="primary" className="h-9 w-full">
        {t('look')}
      </Button>
    </form>
  );
}

function useAnswer(code: string) {
  const [outcome, setOutcome] = useState<'approved' | 'refused'>();
  const [isStale, setStale] = useState(false);
  const [fault, setFault] = useState<string>();
  const answer = async (approve: boolean) => {
    setFault(undefined);
    try {
      await answerDeviceRequest(code, approve);
      setOutcome(approve ? 'approved' : 'refused');
    } catch (error) {
      if (wantsSignInAgain(error)) setStale(true);
      else setFault(messageOf(error));
    }
  };
  return { outcome, isStale, fault, answer, refreshed: () => setStale(false) };
}

function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What waits, and the question. */
function Question({ code, session }: { code: string; session: Session }) {
  const t = useTranslations();
  const format = useFormatter();
  const { outcome, isStale, fault, answer, refreshed } = useAnswer(code);
  const { data, error } = useQuery({
    queryKey: ['device', code],
    queryFn: ({ signal }) => fetchDeviceRequest(code, signal),
    retry: false,
  });
  if (outcome) {
    return (
      <p role="status" className="text-center text-sm font-medium">
        {t(`device.${outcome}`)}
      </p>
    );
  }
  if (isStale) {
    return (
      <>
        <p role="status" className="mb-4 text-sm text-ink-2">
          {t('device.again')}
        </p>
        <SignInPanel user={session.user} next={`/device?code=${encodeURIComponent(code)}`} onDone={refreshed} />
      </>
    );
  }
  if (error) {
    return (
      <p role="alert" className="text-sm">
        {isNotFound(error) ? t('device.none') : messageOf(error)}
      </p>
    );
  }
  if (!data) return <SkeletonRows rows={3} label={t('app.loading')} />;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-center font-mono text-2xl font-semibold tracking-widest">
        <span className="sr-only">{t('device.code')} </span>
        {data.userCode}
      </p>
      <Facts
        facts={[
          [t('device.client'), data.client],
          [t('device.address'), data.address],
          [t('device.until'), format.dateTime(new Date(data.expiresAt), { timeStyle: 'medium' })],
          [t('device.as'), session.user],
        ]}
      />
      <p className="text-xs text-ink-3">{t('device.mismatch')}</p>
      {fault && (
        <p role="alert" className="text-sm text-error">
          {fault}
        </p>
      )}
      <div className="flex gap-2">
        <Button className="h-9 flex-1" onClick={() => void answer(false)}>
          {t('device.refuse')}
        </Button>
        <Button variant="primary" className="h-9 flex-1" onClick={() => void answer(true)}>
          {t('device.approve')}
        </Button>
      </div>
    </div>
  );
}

/** Whoever is not signed in does that first, and comes back. */
function useSignedIn(): Session | undefined {
  const { data, error } = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => fetchSession(signal),
    retry: false,
  });
  useEffect(() => {
    if (error) window.location.assign(pages.signIn(window.location.pathname + window.location.search));
  }, [error]);
  return data;
}

/** Where `binnacle login` leads: lets a terminal in as who is signed in here. */
export function DevicePage() {
  const t = useTranslations();
  const params = useSearchParams();
  const [code, setCode] = useState(params.get('code') ?? params.get('user_code') ?? '');
  const session = useSignedIn();
  return (
    <FrontPage title={t('device.title')} lead={t('device.lead')}>
      {!session && <SkeletonRows rows={3} label={t('app.loading')} />}
      {session && !code && <CodeForm onCode={setCode} />}
      {session && code && <Question key={code} code={code} session={session} />}
    </FrontPage>
  );
}
