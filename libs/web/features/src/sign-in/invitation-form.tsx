'use client';

import { StatusError } from '@binnacle/machinery-meta';
import { acceptInvitation, type InvitationOffer, type Session } from '@binnacle/web-data';
import { Button, Tag, TextField } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { passwordFault, SHORTEST_PASSWORD } from './new-password.js';
import { PasswordField } from './password-field.js';

/** What is told at each field, and what at none of them. */
type Told = Partial<Record<'name' | 'password' | 'repeat' | 'whole', string>>;

/** A name is an account that is not there yet; a program's is not for people. */
const suggested = ({ email = '' }: InvitationOffer): string => email.split('@')[0]?.toLowerCase() ?? '';

/** Whether the server's refusal is of a field. */
function refusedField(error: unknown, message: string, taken: string): Told {
  if (!(error instanceof StatusError)) return { whole: message };
  if (error.code === 409) return { name: taken };
  const field = error.details?.causes?.[0]?.field ?? '';
  if (/password/i.test(field) || (error.code === 422 && /password/i.test(message))) return { password: message };
  return error.code === 422 ? { name: message } : { whole: message };
}

function useAccept(secret: string, onDone: (session: Session) => void) {
  const t = useTranslations();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told>({});
  const send = async (user: string, displayName: string, password: string) => {
    setBusy(true);
    try {
      onDone(await acceptInvitation({ secret, user, password, ...(displayName && { displayName }) }));
    } catch (error) {
      setTold(refusedField(error, messageOf(error), t('invitation.taken')));
      setBusy(false);
    }
  };
  const submit = (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '');
    const fault = passwordFault(text('password'), text('repeat'));
    const words = fault && t(`password.${fault}`, { count: SHORTEST_PASSWORD });
    setTold(words ? { [fault === 'differs' ? 'repeat' : 'password']: words } : {});
    if (!fault && !busy) void send(text('user').trim(), text('displayName').trim(), text('password'));
  };
  return { busy, told, submit };
}

function Offered({ offer }: { offer: InvitationOffer }) {
  const t = useTranslations('invitation');
  const format = useFormatter();
  return (
    <div className="flex flex-col gap-2 text-sm text-ink-2">
      {offer.teams.length > 0 && (
        <p className="flex flex-wrap items-center gap-1.5">
          {t('teams', { count: offer.teams.length })}{' '}
          {offer.teams.map((team) => (
            <Tag key={team}>{team}</Tag>
          ))}
        </p>
      )}
      <p className="text-xs text-ink-3">
        {t('until')} {format.dateTime(new Date(offer.expiresAt), { dateStyle: 'medium', timeStyle: 'short' })}
      </p>
    </div>
  );
}

interface InvitationFormProps {
  readonly secret: string;
  readonly offer: InvitationOffer;
  readonly onDone: (session: Session) => void;
}

/** Whoever is invited chooses a name and a password. */
export function InvitationForm({ secret, offer, onDone }: InvitationFormProps) {
  const t = useTranslations('invitation');
  const { busy, told, submit } = useAccept(secret, onDone);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    submit(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <Offered offer={offer} />
      <TextField
        id="user"
        name="user"
        label={t('name')}
        hint={t('nameHint')}
        error={told.name}
        defaultValue={suggested(offer)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        className="h-9"
      />
      <TextField
        id="display-name"
        name="displayName"
        label={t('displayName')}
        defaultValue={offer.displayName ?? ''}
        autoComplete="name"
        className="h-9"
      />
      <PasswordField
        id="password"
        name="password"
        label={t('password')}
        autoComplete="new-password"
        error={told.password}
      />
      <PasswordField id="repeat" name="repeat" label={t('repeat')} autoComplete="new-password" error={told.repeat} />
      <p role="alert" className={told.whole ? 'text-sm text-error' : 'sr-only'}>
        {told.whole ?? told.name ?? told.password ?? told.repeat}
      </p>
      <Button type="submit" variant="primary" busy={busy} className="h-9 w-full">
        {t('submit')}
      </Button>
    </form>
  );
}
