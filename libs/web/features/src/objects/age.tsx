'use client';

import { humanDuration } from '@binnacle/apis-registry/duration';
import { useNow } from '@binnacle/web-data';
import { useFormatter, useTranslations } from 'next-intl';

/** How long ago, ticking by itself; the full time on pointing. */
export function Age({ time }: { time: string | undefined }) {
  const now = useNow();
  const t = useTranslations('age');
  const format = useFormatter();
  const at = time ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(at)) return <span className="text-ink-3">–</span>;
  const text = now === 0 ? '' : at > now + 5_000 ? t('future') : humanDuration(Math.max(now - at, 0));
  return (
    <time dateTime={time} title={format.dateTime(at, { dateStyle: 'medium', timeStyle: 'long' })} className="tabular">
      {text}
    </time>
  );
}
