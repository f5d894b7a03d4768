'use client';

import { makeInvitationLink } from '@binnacle/web-data';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionDialog } from '../action-dialog.js';
import type { ActionTarget } from '../action-target.js';
import { ShownOnce } from './shown-once.js';
import { useMaking } from './use-making.js';

type MadeLink = Awaited<ReturnType<typeof makeInvitationLink>>;

/** The link of an invitation, the only time it is told. */
export function InvitationLink({ link, onClose }: { link: MadeLink; onClose: () => void }) {
  const t = useTranslations('people');
  const format = useFormatter();
  const time = format.dateTime(new Date(link.expiresAt), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <ShownOnce
      title={t('inviteTitle')}
      lead={t('linkMade')}
      text={window.location.origin + link.path}
      copyLabel={t('copyLink')}
      foot={t('linkUntil', { time })}
      onClose={onClose}
    />
  );
}

/** A new link in place of one that was lost. */
export function LinkDialog({ object, onClose }: ActionTarget) {
  const t = useTranslations('people');
  const name = object.metadata.name ?? '';
  const [link, setLink] = useState<MadeLink>();
  const { busy, fault, make } = useMaking(async () => setLink(await makeInvitationLink(name)));
  if (link) return <InvitationLink link={link} onClose={onClose} />;
  return (
    <ActionDialog
      title={t('linkTitle', { name })}
      lead={t('linkLead')}
      submit={t('linkSubmit')}
      busy={busy}
      onSubmit={make}
      onClose={onClose}
    >
      {fault}
    </ActionDialog>
  );
}
