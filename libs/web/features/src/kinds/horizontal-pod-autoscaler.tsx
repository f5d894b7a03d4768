'use client';

import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import type { Translate } from '../messages/index.js';
import { Age } from '../objects/age.js';
import { linkFact } from '../objects/fact-lines.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono, OrNone } from '../objects/text.js';
import { conditionsOf } from '../view/conditions.js';
import { as, type Fact, type KindView, type ObjectStatus, type PanelProps } from '../view/kind-view.js';

interface Measure {
  readonly averageUtilization?: number;
  readonly averageValue?: unknown;
  readonly value?: unknown;
}

/** `80%`, `100m avg`, `5`. */
function measureText(measure: Measure | undefined): string {
  const { averageUtilization, averageValue, value } = measure ?? {};
  if (averageUtilization !== undefined) return `${averageUtilization}%`;
  if (averageValue !== undefined) return `${String(averageValue)} avg`;
  return value === undefined ? '' : String(value);
}

const partOf = (metric: MetricSpec | MetricStatus) =>
  metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external;

/** What is measured, and of what. */
export function metricName(metric: MetricSpec | MetricStatus): string {
  const { containerResource: inside, object } = metric;
  if (inside) return `${inside.name} of ${inside.container}`;
  if (object) return `${object.metric.name} of ${object.describedObject.kind}/${object.describedObject.name}`;
  const part = metric.resource ?? metric.pods ?? metric.external;
  if (!part) return metric.type;
  return 'metric' in part ? part.metric.name : part.name;
}

/** Now and wanted, in the order the metrics are asked for. */
export function metricRows({ spec, status }: Partial<HorizontalPodAutoscaler>): (readonly [string, string, string])[] {
  const measured = new Map((status?.currentMetrics ?? []).map((metric) => [metricName(metric), partOf(metric)]));
  return (spec?.metrics ?? []).map((metric) => {
    const name = metricName(metric);
    const [wanted, now] = [partOf(metric), measured.get(name)];
    return [
      name,
      measureText(now && 'current' in now ? now.current : undefined),
      measureText(wanted && 'target' in wanted ? wanted.target : undefined),
    ];
  });
}

function Metrics({ object }: PanelProps) {
  const t = useTranslations('spec');
  const rows = metricRows(as<HorizontalPodAutoscaler>(object)).map(([name, now, wanted]) => [
    <Mono key="name">{name}</Mono>,
    <OrNone key="now">{now}</OrNone>,
    <OrNone key="wanted">{wanted}</OrNone>,
  ]);
  const head = [t('metric'), t('currentValue'), t('targetValue')];
  return <RowsPanel title={t('metrics')} head={head} rows={rows} none={t('noMetrics')} />;
}

/** What keeps it from scaling is worth more than what it does. */
function autoscalerStatus(object: UnstructuredObject): ObjectStatus {
  const conditions = conditionsOf(object);
  const find = (wanted: string) => conditions.find(({ type }) => type === wanted);
  const blocked = [find('AbleToScale'), find('ScalingActive')].find((condition) => condition?.status === 'False');
  if (blocked) {
    const isOff = blocked.reason === 'ScalingDisabled';
    return { tone: isOff ? 'idle' : 'warn', label: blocked.reason || blocked.type, detail: blocked.message ?? '' };
  }
  const limited = find('ScalingLimited');
  if (limited?.status === 'True')
    return { tone: 'warn', label: limited.reason || 'ScalingLimited', detail: limited.message ?? '' };
  return find('ScalingActive') ? { tone: 'ok', label: 'ScalingActive' } : { tone: 'progress', label: 'Pending' };
}

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec, status } = as<HorizontalPodAutoscaler>(object) as Partial<HorizontalPodAutoscaler>;
  const { currentReplicas: now = 0, desiredReplicas: wanted = 0, lastScaleTime } = status ?? {};
  const { apiVersion = 'v1', kind = '', name } = spec?.scaleTargetRef ?? {};
  const to = { apiVersion, kind, name, namespace: object.metadata.namespace };
  return [
    ...linkFact(t('spec.scales'), { ...to, column: 'Reference' }),
    { column: 'Replicas', label: t('spec.replicasNow'), value: t('spec.replicasText', { now, wanted }) },
    ...(lastScaleTime ? [{ label: t('spec.lastScale'), value: <Age time={lastScaleTime} /> }] : []),
  ];
}

/** The server prints its columns. */
export const autoscalerView: KindView = { status: autoscalerStatus, facts, panels: [Metrics] };
