'use client';

import { wantsSignInAgain } from '@binnacle/web-data';
import { Dialog, showToast } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { SignInPanel } from '../sign-in/sign-in-panel.js';

interface Fresh {
  /** Does it; where the session is too old for it, asks who is there and does it again. */
  readonly run: (act: () => Promise<void>) => Promise<void>;
  /** The question; to be placed once. */
  readonly dialog: ReactNode;
}

/** For what only a session may do that began a moment ago. */
export function useFresh(user: string): Fresh {
  const t = useTranslations();
  const [waiting, setWaiting] = useState<() => Promise<void>>();
  const run: Fresh['run'] = async (act) => {
    try {
      await act();
    } catch (error) {
      if (wantsSignInAgain(error)) setWaiting(() => act);
      else showToast({ tone: 'error', text: messageOf(error) });
    }
  };
  const goOn = () => {
    const act = waiting;
    setWaiting(undefined);
    if (act) void run(act);
  };
  const dialog = waiting && (
    <Dialog
      open
      onClose={() => setWaiting(undefined)}
      title={t('account.again')}
      description={t('account.againLead')}
      closeLabel={t('app.close')}
    >
      <div className="pb-4">
        <SignInPanel user={user} next={window.location.pathname} onDone={goOn} />
      </div>
    </Dialog>
  );
  return { run, dialog };
}
