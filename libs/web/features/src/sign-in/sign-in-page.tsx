'use client';

import { isForbidden, StatusError } from '@binnacle/machinery-meta';
import { signIn, UnreachableError } from '@binnacle/web-data';
import { Button, TextField } from '@binnacle/web-ui';
import { Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { Logo } from '../shell/logo.js';
import { safeTarget } from './safe-target.js';

function useSignIn() {
  const t = useTranslations('signIn');
  const to = safeTarget(useSearchParams().get('to'));
  const [state, setState] = useState<{ busy: boolean; error?: string }>({ busy: false });
  const explain = (error: unknown): string => {
    if (error instanceof UnreachableError) return t('unreachable');
    if (error instanceof StatusError && (error.code === 401 || isForbidden(error))) return t('wrong');
    return t('failed', { message: messageOf(error) });
  };
  const submit = async (user: string, password: string) => {
    setState({ busy: true });
    try {
      await signIn(user, password);
      // A fresh page: the socket and every query begin with the new session.
      window.location.assign(to);
    } catch (error) {
      setState({ busy: false, error: explain(error) });
    }
  };
  return { ...state, submit };
}

function PasswordField({ error }: { error: string | undefined }) {
  const t = useTranslations('signIn');
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <TextField
        id="password"
        name="password"
        label={t('password')}
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        required
        error={error}
        className="h-9 pr-9"
      />
      <button
        type="button"
        aria-label={shown ? t('hide') : t('show')}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute top-6 right-1 flex size-7 items-center justify-center rounded-sm text-ink-3 hover:text-ink"
      >
        <Icon className="size-4" aria-hidden="true" />
      </button>
    </div>
  );
}

export function SignInPage() {
  const t = useTranslations();
  const { busy, error, submit } = useSignIn();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (!busy) void submit(String(form.get('user') ?? ''), String(form.get('password') ?? ''));
  };
  return (
    <main className="flex min-h-dvh items-center justify-center px-4 py-10">
      <div className="w-full max-w-88">
        <div className="mb-8 flex flex-col items-center gap-3 text-center">
          <Logo className="size-12" />
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{t('app.name')}</h1>
            <p className="text-sm text-ink-3">{t('app.tagline')}</p>
          </div>
        </div>
        <form
          onSubmit={onSubmit}
          className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-6 shadow-low"
        >
          <TextField
            id="user"
            name="user"
            label={t('signIn.user')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            className="h-9"
          />
          <PasswordField error={error} />
          <p role="alert" className="sr-only">
            {error}
          </p>
          <Button type="submit" variant="primary" busy={busy} className="h-9 w-full">
            {t('signIn.submit')}
          </Button>
        </form>
        <p className="mt-4 text-center text-xs text-ink-3">{t('signIn.lead')}</p>
      </div>
    </main>
  );
}
