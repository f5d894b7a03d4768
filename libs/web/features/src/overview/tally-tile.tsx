'use client';

import { Skeleton, ToneBar } from '@binnacle/web-ui';
import { type LucideIcon, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { AsOf } from '../known/as-of.js';
import type { Tally } from './use-overview.js';

interface TallyTileProps {
  readonly title: string;
  readonly icon: LucideIcon;
  readonly href: string;
  readonly tally: Tally;
  readonly text: string;
}

function Figure({ tally }: { tally: Tally }) {
  if (tally.knowledge.certainty === 'loading') return <Skeleton className="my-1.5 h-6 w-14" />;
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
  const { certainty, error } = tally.knowledge;
  return (
    <Link
      href={href}
      className="group flex min-w-0 flex-col rounded-lg border border-line bg-surface px-4 py-3 hover:border-line-strong"
    >
      <span className="flex items-center justify-between text-sm text-ink-2">
        {title}
        <Icon className="size-4 text-ink-3 group-hover:text-ink-2" aria-hidden="true" />
      </span>
      {error || certainty === 'absent' ? (
        <span title={error?.message} className="mt-2 flex items-center gap-1.5 text-sm text-ink-3">
          <Lock className="size-3.5" aria-hidden="true" />
          {error?.code === 403 ? t('denied') : t('failed')}
        </span>
      ) : (
        <>
          <Figure tally={tally} />
          <span className="mt-1 mb-2">
            <ToneBar counts={tally.counts} />
          </span>
          <span className="flex flex-wrap items-center justify-between gap-2 text-xs text-ink-3">
            <span>{certainty === 'loading' ? '\u00a0' : text}</span>
            <AsOf knowledge={tally.knowledge} />
          </span>
        </>
      )}
    </Link>
  );
}
