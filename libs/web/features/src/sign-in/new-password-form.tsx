'use client';

import { StatusError } from '@binnacle/machinery-meta';
import { changePassword, type Session } from '@binnacle/web-data';
import { Button } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { SHORTEST_PASSWORD, passwordFault } from './new-password.js';
import { PasswordField } from './password-field.js';

interface NewPasswordFormProps {
  /** Whose: for password managers. */
  readonly user: string;
  /** The one there is, where it has just been typed: it is not asked for again then. */
  readonly current?: string;
  readonly onDone: (session: Session) => void;
}

interface Told {
  readonly current?: string;
  readonly fresh?: string;
  readonly repeat?: string;
}

function useChange({ current: known, onDone }: NewPasswordFormProps) {
  const t = useTranslations('password');
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told>({});
  const send = async (current: string, fresh: string) => {
    setBusy(true);
    try {
      onDone(await changePassword(current, fresh));
    } catch (error) {
      const isWrong = error instanceof StatusError && error.code === 401;
      if (isWrong && known === undefined) setTold({ current: t('wrong') });
      else setTold({ fresh: isWrong ? t('wrong') : messageOf(error) });
    } finally {
      setBusy(false);
    }
  };
  const submit = (current: string, fresh: string, repeat: string) => {
    const fault = passwordFault(fresh, repeat, current);
    const text = fault && t(fault, { count: SHORTEST_PASSWORD });
    setTold(fault === 'differs' ? { repeat: text ?? '' } : fault ? { fresh: text ?? '' } : {});
    if (!fault && !busy) void send(current, fresh);
  };
  return { busy, told, submit };
}

/** A new password in place of the one there is. */
export function NewPasswordForm(props: NewPasswordFormProps) {
  const t = useTranslations('password');
  const { busy, told, submit } = useChange(props);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    submit(props.current ?? text('current'), text('fresh'), text('repeat'));
  };
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <input type="text" name="username" autoComplete="username" value={props.user} readOnly hidden />
      {props.current === undefined && (
        <PasswordField
          id="current-password"
          name="current"
          label={t('current')}
          autoComplete="current-password"
          error={told.current}
        />
      )}
      <PasswordField
        id="new-password"
        name="fresh"
        label={t('fresh')}
        autoComplete="new-password"
        autoFocus={props.current !== undefined}
        hint={t('tooShort', { count: SHORTEST_PASSWORD })}
        error={told.fresh}
      />
      <PasswordField
        id="repeat-password"
        name="repeat"
        label={t('repeat')}
        autoComplete="new-password"
        error={told.repeat}
      />
      <p role="alert" className="sr-only">
        {told.current ?? told.fresh ?? told.repeat}
      </p>
      <Button type="submit" variant="primary" busy={busy} className="h-9 w-full">
        {t('submit')}
      </Button>
    </form>
  );
}
