'use client';

import { TextField } from '@binnacle/web-ui';
import { Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ComponentProps, useState } from 'react';

type PasswordFieldProps = Omit<ComponentProps<typeof TextField>, 'type' | 'className' | 'required'>;

/** A password that can be looked at while it is typed. */
export function PasswordField(props: PasswordFieldProps) {
  const t = useTranslations('signIn');
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <TextField {...props} type={shown ? 'text' : 'password'} required className="h-9 pr-9" />
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
