'use client';

import { type Session, signIn, useNow } from '@binnacle/web-data';
import { Button, TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { PasswordField } from './password-field.js';
import { type Refusal, refusalFor, refusalOf, secondsUntil } from './refusal.js';

interface Attempt {
  readonly busy: boolean;
  readonly refusal: Refusal | undefined;
  readonly submit: (user: string, password: string) => Promise<void>;
}

function useAttempt(onDone: SignInFormProps['onDone']): Attempt {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const submit: Attempt['submit'] = async (user, password) => {
    setBusy(true);
    try {
      onDone(await signIn(user, password), password);
    } catch (error) {
      setRefusal(refusalOf(error, user, Date.now()));
      setBusy(false);
    }
  };
  return { busy, refusal, submit };
}

/** What to tell now: a refusal for a time ends by itself. */
function useTold(refusal: Refusal | undefined): { readonly text: string | undefined; readonly seconds: number } {
  const t = useTranslations('signIn');
  const now = useNow();
  if (!refusal) return { text: undefined, seconds: 0 };
  switch (refusal.why) {
    case 'failed':
      return { text: t('failed', { message: refusal.message }), seconds: 0 };
    case 'tooMany': {
      const seconds = secondsUntil(refusal.until, now);
      return { text: seconds > 0 ? t('tooMany', { seconds }) : t('again'), seconds };
    }
    default:
      return { text: t(refusal.why), seconds: 0 };
  }
}

/** Told once: a screen reader is not to count the seconds aloud. */
function Announced({ refusal }: { refusal: Refusal | undefined }) {
  const [text, setText] = useState<{ readonly of: Refusal | undefined; readonly text: string | undefined }>();
  const told = useTold(refusal);
  if (text?.of !== refusal) setText({ of: refusal, text: told.text });
  return (
    <p role="alert" className="sr-only">
      {text?.text}
    </p>
  );
}

interface SignInFormProps {
  /** Filled in where it is known who was here. */
  readonly user?: string;
  readonly onDone: (session: Session, password: string) => void;
}

/** Asks for user and password, and says of every refusal what it is and how long it lasts. */
export function SignInForm({ user: known = '', onDone }: SignInFormProps) {
  const t = useTranslations('signIn');
  const [user, setUser] = useState(known);
  const { busy, refusal: last, submit } = useAttempt(onDone);
  const refusal = refusalFor(last, user);
  const { text, seconds } = useTold(refusal);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    // What a password manager has filled in may not have been told to the page.
    const name = String(form.get('user') ?? '');
    const pause = refusalFor(last, name);
    const waits = pause?.why === 'tooMany' && secondsUntil(pause.until, Date.now()) > 0;
    if (!busy && !waits) void submit(name, String(form.get('password') ?? ''));
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <TextField
        id="user"
        name="user"
        label={t('user')}
        defaultValue={known}
        onChange={(event) => setUser(event.target.value)}
        // Passkeys are offered here, where the browser has any.
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={known === ''}
        required
        className="h-9"
      />
      <PasswordField id="password" name="password" label={t('password')} autoComplete="current-password" error={text} />
      <Announced refusal={refusal} />
      <Button
        type="submit"
        variant="primary"
        busy={busy}
        disabledReason={seconds > 0 ? t('tooMany', { seconds }) : undefined}
        className="h-9 w-full"
      >
        {t('submit')}
      </Button>
    </form>
  );
}
