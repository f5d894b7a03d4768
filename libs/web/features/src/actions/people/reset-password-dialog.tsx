'use client';

import { resetPassword } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionDialog } from '../action-dialog.js';
import type { ActionTarget } from '../action-target.js';
import { useMaking } from './use-making.js';
import { ShownOnce } from './shown-once.js';

/** A password in place of one that was forgotten. */
export function ResetPasswordDialog({ object, onClose }: ActionTarget) {
  const t = useTranslations('people');
  const name = object.metadata.name ?? '';
  const [password, setPassword] = useState<string>();
  const { busy, fault, make } = useMaking(async () => setPassword((await resetPassword(name)).password));
  if (password !== undefined) {
    const title = t('resetTitle', { name });
    return (
      <ShownOnce
        title={title}
        lead={t('resetMade', { name })}
        text={password}
        copyLabel={t('copyPassword')}
        onClose={onClose}
      />
    );
  }
  return (
    <ActionDialog
      title={t('resetTitle', { name })}
      lead={t('resetLead')}
      submit={t('resetSubmit')}
      danger
      busy={busy}
      onSubmit={make}
      onClose={onClose}
    >
      {fault}
    </ActionDialog>
  );
}
