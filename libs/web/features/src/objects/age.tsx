'use client';

import { useNow } from '@binnacle/web-data';
import { useFormatter, useTranslations } from 'next-intl';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

function pair(seconds: number, unit: number, name: string, rest: number, restName: string): string {
  const remainder = Math.floor((seconds % unit) / rest);
  return `${Math.floor(seconds / unit)}${name}${remainder ? `${remainder}${restName}` : ''}`;
}

/** Two figures while that tells more than one: `45s`, `3m20s`, `5h2m`, `12d`. Behaves as kubernetes duration.HumanDuration. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 10 * MINUTE) return pair(seconds, MINUTE, 'm', 1, 's');
  if (seconds < 3 * HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < 8 * HOUR) return pair(seconds, HOUR, 'h', MINUTE, 'm');
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h`;
  if (seconds < 8 * DAY) return pair(seconds, DAY, 'd', HOUR, 'h');
  if (seconds < 2 * YEAR) return `${Math.floor(seconds / DAY)}d`;
  return pair(seconds, YEAR, 'y', DAY, 'd');
}

/** How long ago, ticking by itself; the full time on pointing. */
export function Age({ time }: { time: string | undefined }) {
  const now = useNow();
  const t = useTranslations('age');
  const format = useFormatter();
  const at = time ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(at)) return <span className="text-ink-3">–</span>;
  const text = now === 0 ? '' : at > now + 5_000 ? t('future') : humanDuration(now - at);
  return (
    <time dateTime={time} title={format.dateTime(at, { dateStyle: 'medium', timeStyle: 'long' })} className="tabular">
      {text}
    </time>
  );
}
