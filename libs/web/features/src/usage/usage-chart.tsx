'use client';

import { type Bound, TimeChart } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import type { Resource, Usage } from './amounts.js';
import { FORMATS, useShare } from './usage-cell.js';
import type { UsageBounds } from './measured-kinds.js';

const TITLES = { cpu: 'cpuShort', memory: 'memoryShort' } as const;

/** A time as a clock shows it, from seconds since the epoch. */
export function useClockTime(): (time: number) => string {
  const format = useFormatter();
  return (time) => format.dateTime(time * 1_000, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

export function useChartLabels() {
  const t = useTranslations('usage');
  return { table: t('table'), time: t('time'), none: t('none'), above: t('above') };
}

interface UsageChartProps {
  /** Whose it is. */
  readonly name: string;
  readonly usage: Usage;
  readonly resource: Resource;
  readonly bounds: UsageBounds;
}

function useBounds({ request, limit, allocatable }: UsageBounds): Bound[] {
  const t = useTranslations('usage');
  const found: Bound[] = [];
  if (request !== undefined)
    found.push({ label: t(allocatable === undefined ? 'request' : 'requested'), value: request });
  if (limit !== undefined) found.push({ label: t('limit'), value: limit });
  if (allocatable !== undefined) found.push({ label: t('allocatable'), value: allocatable });
  return found;
}

/** What something has used of one resource within the last hour. */
export function UsageChart({ name, usage, resource, bounds }: UsageChartProps) {
  const t = useTranslations('usage');
  const share = useShare();
  const { now, points } = usage[resource];
  const format = FORMATS[resource];
  const what = t(TITLES[resource]);
  const most = Math.max(0, ...points.map(({ value }) => value));
  const said = now === undefined ? t('ended') : `${format(now)}, ${share(now, bounds)}`;
  return (
    <TimeChart
      title={what}
      description={
        points.length === 0
          ? t('describeNone', { what, name })
          : t('describe', { what, name, now: said, most: format(most) })
      }
      points={points}
      step={usage.step}
      bounds={useBounds(bounds)}
      counting={resource === 'memory' ? 'binary' : 'decimal'}
      format={format}
      formatTime={useClockTime()}
      labels={useChartLabels()}
    />
  );
}
