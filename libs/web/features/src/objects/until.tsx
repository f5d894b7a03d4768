'use client';

import { humanDuration } from '@binnacle/apis-registry/duration';
import { useNow } from '@binnacle/web-data';
import { useFormatter, useTranslations } from 'next-intl';

/** How long it is until a moment (milliseconds since the epoch), ticking by itself; the full time on pointing. */
export function Until({ time }: { time: number }) {
  const now = useNow();
  const t = useTranslations('age');
  const format = useFormatter();
  const text = now === 0 ? '' : time <= now ? t('now') : t('in', { span: humanDuration(time - now) });
  return (
    <time
      dateTime={new Date(time).toISOString()}
      title={format.dateTime(time, { dateStyle: 'medium', timeStyle: 'long' })}
      className="tabular"
    >
      {text}
    </time>
  );
}
