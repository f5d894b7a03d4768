'use client';

import { keepViewedAs, onUnauthorized, type Session, useLiveClient } from '@binnacle/web-data';
import { Dialog } from '@binnacle/web-ui';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { drafts } from '../yaml/drafts.js';
import { SignInPanel } from './sign-in-panel.js';

const here = (): string => (typeof window === 'undefined' ? '/' : window.location.pathname + window.location.search);

/**
 * Says that the session has ended and asks who is there, over the page as it is: drafts, places in lists and whatever else the
 * page holds are still there afterwards.
 */
export function SessionDialog({ session }: { session: Session }) {
  const t = useTranslations();
  const queries = useQueryClient();
  const live = useLiveClient();
  const [ended, setEnded] = useState(false);
  useEffect(() => onUnauthorized(() => setEnded(true)), []);
  const goOn = ({ user }: Session) => {
    if (user !== session.user) {
      // Somebody else: nothing that was here is theirs.
      drafts.forgetAll();
      keepViewedAs(undefined);
      return drafts.leave(() => window.location.reload());
    }
    setEnded(false);
    live.retry();
    void queries.invalidateQueries();
  };
  return (
    <Dialog
      open={ended}
      onClose={() => setEnded(false)}
      title={t('signIn.ended')}
      description={t('signIn.endedLead')}
      closeLabel={t('app.close')}
    >
      <div className="pb-4">
        <SignInPanel user={session.user} next={here()} onDone={goOn} />
      </div>
    </Dialog>
  );
}
