'use client';

import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { workloadUsageName } from '@binnacle/apis-kubernetes/usage/v1';
import { useKnowledge } from '@binnacle/web-data';
import { Panel, TimeChart } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import { Answer } from '../known/answer.js';
import { AsOf } from '../known/as-of.js';
import { useChartLabels, useClockTime } from '../usage/usage-chart.js';
import { useUsageOf } from '../usage/use-usage.js';
import { as, type PanelProps } from '../view/kind-view.js';

/** How many Pods of its target there were within the last hour, between as many as there have to be and may be. */
export function ScalingReplicas({ object }: PanelProps) {
  const t = useTranslations();
  const format = useFormatter();
  const labels = useChartLabels();
  const formatTime = useClockTime();
  const { metadata, spec } = as<HorizontalPodAutoscaler>(object) as Partial<HorizontalPodAutoscaler>;
  const { kind = '', name = '' } = spec?.scaleTargetRef ?? {};
  const place = { namespace: metadata?.namespace, name: workloadUsageName(kind, name) };
  const { view, usage } = useUsageOf('workloadusages.usage.binnacle.dev', place);
  const knowledge = useKnowledge(view);
  if (knowledge.certainty === 'absent') return null;
  const points = usage?.podPoints ?? [];
  const most = Math.max(0, ...points.map(({ value }) => value));
  const bounds = [
    { label: t('usage.least'), value: spec?.minReplicas ?? 1 },
    { label: t('usage.most'), value: spec?.maxReplicas ?? 0 },
  ];
  return (
    <Panel title={t('usage.replicas')} actions={<AsOf knowledge={knowledge} />}>
      <Answer knowledge={knowledge} isEmpty={points.length === 0} none={{ title: t('usage.none') }} rows={3} compact>
        <TimeChart
          title={t('usage.replicas')}
          description={t('scaling.describe', { name, now: points.at(-1)?.value ?? 0, most })}
          points={points}
          step={usage?.step ?? 0}
          bounds={bounds}
          stairs
          format={(value) => format.number(value, { maximumFractionDigits: 1 })}
          formatTime={formatTime}
          labels={labels}
        />
      </Answer>
    </Panel>
  );
}
