'use client';

import { Skeleton, ToneBar } from '@binnacle/web-ui';
import { type LucideIcon, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import type { Tally } from './use-overview.js';

interface TallyTileProps {
  readonly title: string;
  readonly icon: LucideIcon;
  readonly href: string;
  readonly tally: Tally;
  readonly text: string;
}

function Figure({ tally }: { tally: Tally }) {
  if (tally.view.phase === 'loading') return <Skeleton className="my-1.5 h-6 w-14" />;
  return (
    <p className="tabular flex items-baseline gap-1 text-3xl font-semibold tracking-tight">
      {tally.well}
      {tally.well !== tally.total && <span className="text-lg font-normal text-ink-3">/ {tally.total}</span>}
    </p>
  );
}

/** One kind: how many stand well, as a figure and as a bar. */
export function TallyTile({ title, icon: Icon, href, tally, text }: TallyTileProps) {
  const t = useTranslations('state');
  return (
    <Link
      href={href}
      prefetch={false}
      className="group flex min-w-0 flex-col rounded-lg border border-line bg-surface px-4 py-3 hover:border-line-strong"
    >
      <span className="flex items-center justify-between text-sm text-ink-2">
        {title}
        <Icon className="size-4 text-ink-3 group-hover:text-ink-2" aria-hidden="true" />
      </span>
      {tally.view.error ? (
        <span className="mt-2 flex items-center gap-1.5 text-sm text-ink-3">
          <Lock className="size-3.5" aria-hidden="true" />
          {t('denied')}
        </span>
      ) : (
        <>
          <Figure tally={tally} />
          <span className="mt-1 mb-2">
            <ToneBar counts={tally.counts} />
          </span>
          <span className="truncate text-xs text-ink-3">{tally.view.phase === 'loading' ? '\u00a0' : text}</span>
        </>
      )}
    </Link>
  );
}
