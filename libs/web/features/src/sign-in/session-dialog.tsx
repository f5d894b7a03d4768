'use client';

import { onUnauthorized, type Session, useLiveClient } from '@binnacle/web-data';
import { Dialog } from '@binnacle/web-ui';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { drafts } from '../yaml/drafts.js';
import { SignInForm } from './sign-in-form.js';

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
      drafts.returning = true;
      return window.location.reload();
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
        <SignInForm user={session.user} onDone={goOn} />
      </div>
    </Dialog>
  );
}
