'use client';

import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { Logo } from './logo.js';
import { safeTarget } from './safe-target.js';
import { SignInForm } from './sign-in-form.js';

export function SignInPage() {
  const t = useTranslations();
  const to = safeTarget(useSearchParams().get('to'));
  return (
    <main className="flex min-h-dvh items-center justify-center px-4 py-10">
      <div className="w-full max-w-88">
        <div className="mb-8 flex flex-col items-center gap-3 text-center">
          <Logo className="size-12" />
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{t('app.name')}</h1>
            <p className="text-sm text-ink-3">{t('app.tagline')}</p>
          </div>
        </div>
        <div className="rounded-lg border border-line bg-surface p-6 shadow-low">
          {/* A fresh page: the socket and every query begin with the new session. */}
          <SignInForm onDone={() => window.location.assign(to)} />
        </div>
        <p className="mt-4 text-center text-xs text-ink-3">{t('signIn.lead')}</p>
      </div>
    </main>
  );
}
