'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Logo } from './logo.js';

interface FrontPageProps {
  /** The product's name and what it is, where nothing else is the page's subject. */
  readonly title?: string;
  readonly lead?: ReactNode;
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** A page for who is not in yet: the sign, what it is about, and one card. */
export function FrontPage({ title, lead, foot, children }: FrontPageProps) {
  const t = useTranslations('app');
  return (
    <main className="flex min-h-dvh items-center justify-center px-4 py-10">
      <div className="w-full max-w-88">
        <div className="mb-8 flex flex-col items-center gap-3 text-center">
          <Logo className="size-12" />
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{title ?? t('name')}</h1>
            <p className="text-sm text-ink-3">{lead ?? t('tagline')}</p>
          </div>
        </div>
        <div className="rounded-lg border border-line bg-surface p-6 shadow-low">{children}</div>
        {foot && <p className="mt-4 text-center text-xs text-ink-3">{foot}</p>}
      </div>
    </main>
  );
}
