'use client';

import {
  fetchMethods,
  hasPasskeys,
  offersPasskeys,
  providerStart,
  type Session,
  signInByPasskey,
  type SignInMethods,
  type SignInProvider,
} from '@binnacle/web-data';
import { Button, buttonClass } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../actions/use-action.js';

/** How one may sign in; undefined while that is not known, and where the server does not say. */
export function useMethods() {
  const { data } = useQuery({
    queryKey: ['sign-in-methods'],
    queryFn: ({ signal }) => fetchMethods(signal),
    retry: false,
  });
  return data;
}

/** Who closes what the browser shows, or lets it wait too long, has not failed. */
const isDeclined = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');

function usePasskey(onDone: (session: Session) => void) {
  const t = useTranslations('otherWays');
  const [fault, setFault] = useState<string>();
  const running = useRef<AbortController>(undefined);
  const latest = useRef(onDone);
  useEffect(() => {
    latest.current = onDone;
  });
  const begin = async (conditional: boolean) => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    try {
      const session = await signInByPasskey({ conditional, signal: abort.signal });
      if (!abort.signal.aborted) latest.current(session);
    } catch (error) {
      if (abort.signal.aborted || conditional) return;
      setFault(isDeclined(error) ? t('passkeyNone') : messageOf(error));
    }
  };
  return { fault, begin, stop: () => running.current?.abort() };
}

type PasskeyAttempt = ReturnType<typeof usePasskey>;

/** Offers passkeys where the name is typed, as long as nobody has asked for one by a press. */
function useOfferedPasskeys(isAvailable: boolean, { begin, stop }: PasskeyAttempt): void {
  useEffect(() => {
    if (!isAvailable) return;
    let isGone = false;
    void offersPasskeys().then((offers) => {
      if (offers && !isGone) void begin(true);
    });
    return () => {
      isGone = true;
      stop();
    };
    // Once for the form.
  }, [isAvailable]);
}

function PasskeyButton({ attempt }: { attempt: PasskeyAttempt }) {
  const t = useTranslations('otherWays');
  return (
    <>
      <Button icon={<KeyRound aria-hidden="true" />} className="h-9 w-full" onClick={() => void attempt.begin(false)}>
        {t('passkey')}
      </Button>
      {attempt.fault && (
        <p role="alert" className="text-xs text-error">
          {attempt.fault}
        </p>
      )}
    </>
  );
}

function ProviderLink({ provider, next }: { provider: SignInProvider; next: string }) {
  const t = useTranslations('otherWays');
  return (
    <a href={providerStart(provider, next)} className={`${buttonClass('secondary')} h-9 w-full`}>
      {t('with', { name: provider.label })}
    </a>
  );
}

interface OtherWaysProps {
  /** Where to be after signing in by another system: an address of ours. */
  readonly next: string;
  readonly onDone: (session: Session) => void;
}

/** What there is besides a password. */
function waysOf(methods: SignInMethods | undefined) {
  const { available = false, address } = methods?.passkeys ?? {};
  const hasPasskey = available && hasPasskeys();
  const providers = methods?.providers ?? [];
  const elsewhere = available ? undefined : address;
  return { hasPasskey, providers, elsewhere, isAny: hasPasskey || providers.length > 0 || elsewhere !== undefined };
}

function Or() {
  const t = useTranslations('otherWays');
  return (
    <p className="mb-1 flex items-center gap-3 text-xs text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {t('or')}
    </p>
  );
}

/** Passkeys and other systems, as far as this server has them. */
export function OtherWays({ next, onDone }: OtherWaysProps) {
  const t = useTranslations('otherWays');
  const methods = useMethods();
  const passkey = usePasskey(onDone);
  const { hasPasskey, providers, elsewhere, isAny } = waysOf(methods);
  useOfferedPasskeys(hasPasskey, passkey);
  if (!isAny) return null;
  return (
    <div className="mt-4 flex flex-col gap-2">
      {methods?.password && <Or />}
      {hasPasskey && <PasskeyButton attempt={passkey} />}
      {providers.map((provider) => (
        <ProviderLink key={provider.name} provider={provider} next={next} />
      ))}
      {elsewhere && <p className="text-center text-xs text-ink-3">{t('passkeyElsewhere', { address: elsewhere })}</p>}
    </div>
  );
}
