'use client';

import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { workloadUsageName } from '@binnacle/apis-kubernetes/usage/v1';
import { useKnowledge } from '@binnacle/web-data';
import { Panel, TimeChart } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import { Answer } from '../known/answer.js';
import { AsOf } from '../known/as-of.js';
import { useChartLabels, useClockTime } from '../usage/usage-chart.js';
import type { Usage } from '../usage/amounts.js';
import { useUsageOf } from '../usage/use-usage.js';
import { as, type PanelProps } from '../view/kind-view.js';

const WORKLOADS = 'workloadusages.usage.binnacle.dev';

type Autoscaler = Partial<HorizontalPodAutoscaler>;

function useTargetUsage({ metadata, spec }: Autoscaler) {
  const { kind = '', name = '' } = spec?.scaleTargetRef ?? {};
  return useUsageOf(WORKLOADS, { namespace: metadata?.namespace, name: workloadUsageName(kind, name) });
}

function ReplicasChart({ spec, usage: { podPoints, step } }: { spec: Autoscaler['spec']; usage: Usage }) {
  const t = useTranslations();
  const format = useFormatter();
  const { scaleTargetRef, minReplicas = 1, maxReplicas = 0 } = spec ?? {};
  const most = Math.max(0, ...podPoints.map(({ value }) => value));
  const description = { name: scaleTargetRef?.name ?? '', now: podPoints.at(-1)?.value ?? 0, most };
  return (
    <TimeChart
      title={t('usage.replicas')}
      description={t('scaling.describe', description)}
      points={podPoints}
      step={step}
      bounds={[
        { label: t('usage.least'), value: minReplicas },
        { label: t('usage.most'), value: maxReplicas },
      ]}
      stairs
      format={(value) => format.number(value, { maximumFractionDigits: 1 })}
      formatTime={useClockTime()}
      labels={useChartLabels()}
    />
  );
}

/** How many Pods of its target there were within the last hour, between as many as there have to be and may be. */
export function ScalingReplicas({ object }: PanelProps) {
  const t = useTranslations('usage');
  const autoscaler = as<HorizontalPodAutoscaler>(object) as Autoscaler;
  const { view, usage } = useTargetUsage(autoscaler);
  const knowledge = useKnowledge(view);
  if (knowledge.certainty === 'absent') return null;
  return (
    <Panel title={t('replicas')} actions={<AsOf knowledge={knowledge} />}>
      <Answer knowledge={knowledge} isEmpty={!usage} none={{ title: t('none') }} rows={3} compact>
        {usage && <ReplicasChart spec={autoscaler.spec} usage={usage} />}
      </Answer>
    </Panel>
  );
}
