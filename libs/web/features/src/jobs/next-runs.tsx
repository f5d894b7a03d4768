'use client';

import type { CronJob } from '@binnacle/apis-kubernetes/batch/v1';
import { useNow } from '@binnacle/web-data';
import { useFormatter, useTimeZone, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { RowsPanel } from '../objects/rows-panel.js';
import { Until } from '../objects/until.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { upcoming, zoneOf } from './cron-runs.js';

const SHOWN = 5;
const MINUTE = 60_000;

/** A moment as clocks of a zone show it; those of the reader's where none is named. */
function Clock({ time, zone }: { time: number; zone?: string | undefined }) {
  const format = useFormatter();
  return (
    <time dateTime={new Date(time).toISOString()} className="tabular">
      {format.dateTime(time, { dateStyle: 'full', timeStyle: 'short', ...(zone && { timeZone: zone }) })}
    </time>
  );
}

/** When a CronJob runs next, by the clocks of its zone and by those of whoever reads it. */
export function NextRuns({ object }: PanelProps) {
  const t = useTranslations('batch');
  const mine = useTimeZone();
  const cron: Partial<CronJob> = as<CronJob>(object);
  const now = Math.floor(useNow() / MINUTE) * MINUTE;
  const times = useMemo(() => (now === 0 ? [] : upcoming(as<CronJob>(object), now, SHOWN)), [object, now]);
  const zone = zoneOf(cron);
  const differs = mine !== undefined && mine !== zone;
  const rows = times.map((time) => [
    <Clock key="its" time={time} zone={zone} />,
    ...(differs ? [<Clock key="mine" time={time} />] : []),
    <Until key="until" time={time} />,
  ]);
  const head = [zone, ...(differs ? [t('yourTime', { zone: mine })] : []), t('until')];
  const none = cron.spec?.suspend ? t('noRunsSuspended') : t('noRuns');
  return <RowsPanel title={t('nextRuns')} head={head} rows={rows} none={none} />;
}
