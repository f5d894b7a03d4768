'use client';

import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { Meter, Status } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono, OrNone } from '../objects/text.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { type MetricRow, metricRows } from './metric-rows.js';

/** Above what is wanted is no fault: it is why there will be more. */
function Standing({ row: { name, share } }: { row: MetricRow }) {
  const t = useTranslations('scaling');
  const format = useFormatter();
  if (share === undefined) return <span className="text-ink-3">{t('unknown')}</span>;
  const isAbove = share > 1;
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <Meter share={share} label={name} text={format.number(share, { style: 'percent' })} plain />
      <Status tone={isAbove ? 'progress' : 'ok'}>{t(isAbove ? 'above' : 'below')}</Status>
    </span>
  );
}

/** What is measured now, beside what is wanted. */
export function ScalingMetrics({ object }: PanelProps) {
  const t = useTranslations('scaling');
  const metric = useTranslations('spec')('metric');
  const rows = metricRows(as<HorizontalPodAutoscaler>(object)).map((row) => [
    <Mono key="name">{row.name}</Mono>,
    <OrNone key="now">{row.now}</OrNone>,
    <OrNone key="wanted">{row.wanted}</OrNone>,
    <Standing key="standing" row={row} />,
  ]);
  const head = [metric, t('now'), t('target'), t('share')];
  return <RowsPanel title={t('metrics')} head={head} rows={rows} none={t('noMetrics')} />;
}
