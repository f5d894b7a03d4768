'use client';

import type { Session } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { NewPasswordForm } from './new-password-form.js';

interface ForcedChangeProps {
  readonly user: string;
  /** The one there is, where it has just been typed. */
  readonly current?: string | undefined;
  readonly onDone: (session: Session) => void;
}

/** A password that somebody else made up is to be changed before anything else is done. */
export function ForcedChange({ user, current, onDone }: ForcedChangeProps) {
  const t = useTranslations('password');
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h2 className="text-sm font-semibold">{t('forcedTitle')}</h2>
        <p className="text-sm text-ink-3">{t('forcedLead')}</p>
      </div>
      <NewPasswordForm user={user} {...(current !== undefined && { current })} onDone={onDone} />
    </div>
  );
}
