'use client';

import { keepViewedAs } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { FrontPage } from './front-page.js';
import { safeTarget } from './safe-target.js';
import { SignInPanel } from './sign-in-panel.js';

/** Why another system has led back here without a session. */
const WHYS = ['expired', 'denied', 'provider', 'unknown', 'taken', 'domain', 'disabled', 'busy'] as const;

function Failure({ why }: { why: string }) {
  const t = useTranslations('otherWays');
  const known = WHYS.find((each) => each === why);
  return (
    <p role="alert" className="mb-4 rounded-md bg-error-soft px-3 py-2 text-sm text-ink">
      {t(known ?? 'failed')}
    </p>
  );
}

export function SignInPage() {
  const t = useTranslations('signIn');
  const params = useSearchParams();
  const to = safeTarget(params.get('to') ?? params.get('next'));
  const why = params.get('error');
  const enter = () => {
    // As whom the one before looked is nothing to whoever comes now.
    keepViewedAs(undefined);
    window.location.assign(to);
  };
  return (
    <FrontPage foot={t('lead')}>
      {why && <Failure why={why} />}
      {/* A fresh page: the socket and every query begin with the new session. */}
      <SignInPanel next={to} onDone={enter} />
    </FrontPage>
  );
}
