'use client';

import { DEFAULT_CLUSTER, isNotFound } from '@binnacle/machinery-meta';
import { fetchInvitation, keepViewedAs, pages } from '@binnacle/web-data';
import { SkeletonRows } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { FrontPage } from './front-page.js';
import { InvitationForm } from './invitation-form.js';

/** What follows the `#` of the address is told to no server by the browser, and stands in no log. */
function useSecret(): string | undefined {
  const [secret, setSecret] = useState<string>();
  useEffect(() => {
    const read = () => setSecret(decodeURIComponent(window.location.hash.slice(1)));
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return secret;
}

function useOffer(secret: string | undefined) {
  return useQuery({
    queryKey: ['invitation', secret],
    enabled: secret !== undefined,
    queryFn: ({ signal }) => fetchInvitation(secret ?? '', signal),
    retry: (count, error) => !isNotFound(error) && count < 3,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

function Gone({ message }: { message: string | undefined }) {
  const t = useTranslations('invitation');
  return (
    <div role="status" className="flex flex-col gap-2 text-center text-sm">
      <p className="font-medium">{message ?? t('gone')}</p>
      {!message && <p className="text-ink-3">{t('goneHint')}</p>}
      <a href={pages.signIn()} className="font-medium text-accent underline-offset-2 hover:underline">
        {t('signIn')}
      </a>
    </div>
  );
}

/** Where the link of an invitation leads. */
export function InvitationPage() {
  const t = useTranslations();
  const secret = useSecret();
  const { data: offer, error } = useOffer(secret);
  const done = () => {
    keepViewedAs(undefined);
    // Nor is the link kept among the pages one has been to.
    window.location.replace(pages.overview(DEFAULT_CLUSTER));
  };
  return (
    <FrontPage title={t('invitation.title')} lead={t('invitation.lead')}>
      {error && <Gone message={isNotFound(error) ? undefined : messageOf(error)} />}
      {!error && !offer && <SkeletonRows rows={4} label={t('app.loading')} />}
      {offer && secret !== undefined && <InvitationForm secret={secret} offer={offer} onDone={done} />}
    </FrontPage>
  );
}
