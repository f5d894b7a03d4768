import {
  type TablePrinter,
  UNKNOWN,
  UNSET,
  ageColumn,
  ageOf,
  column,
  nameColumn,
  nameOf,
  NONE,
} from '@binnacle/apis-registry';
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from '../index.js';

const SHOWN = 2;

const SOURCES = {
  External: 'external',
  Pods: 'pods',
  Object: 'object',
  Resource: 'resource',
  ContainerResource: 'containerResource',
} as const satisfies Record<string, Exclude<keyof MetricSpec, 'type'>>;

const isType = (type: string): type is keyof typeof SOURCES => Object.hasOwn(SOURCES, type);
const percentOf = (share: number | undefined): string | undefined => (share === undefined ? undefined : `${share}%`);

/** A value or a mean over Pods, of something that is counted. */
function valueText(type: string, target: Partial<MetricTarget>, current: MetricValueStatus | undefined): string {
  if (target.averageValue === undefined) return `${current?.value ?? UNKNOWN}/${target.value ?? UNKNOWN}`;
  const mean = `${current?.averageValue ?? UNKNOWN}/${target.averageValue}`;
  return type === 'Pods' ? mean : `${mean} (avg)`;
}

/** An amount of a resource, or a share of what was asked for. */
function resourceText(name: string, target: Partial<MetricTarget>, current: MetricValueStatus | undefined): string {
  if (target.averageValue !== undefined) return `${name}: ${current?.averageValue ?? UNKNOWN}/${target.averageValue}`;
  const share = percentOf(current?.averageUtilization) ?? UNKNOWN;
  return `${name}: ${share}/${percentOf(target.averageUtilization) ?? '<auto>'}`;
}

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  if (!isType(metric.type)) return '<unknown type>';
  const source = metric[SOURCES[metric.type]];
  const current = status?.[SOURCES[metric.type]]?.current;
  const target = source?.target ?? {};
  return source && 'name' in source
    ? resourceText(source.name, target, current)
    : valueText(metric.type, target, current);
}

function metricsText({ spec, status }: HorizontalPodAutoscaler): string {
  const texts = (spec?.metrics ?? []).map((metric, index) => metricText(metric, status?.currentMetrics?.[index]));
  if (texts.length === 0) return NONE;
  const shown = texts.slice(0, SHOWN).join(', ');
  return texts.length > SHOWN ? `${shown} + ${texts.length - SHOWN} more...` : shown;
}

function boundsOf({ spec }: HorizontalPodAutoscaler): [least: string, most: number] {
  return [String(spec?.minReplicas ?? UNSET), spec?.maxReplicas ?? 0];
}

function targetText({ spec }: HorizontalPodAutoscaler): string {
  const { kind, name } = spec?.scaleTargetRef ?? { kind: '', name: '' };
  return `${kind}/${name}`;
}

export const printer: TablePrinter<HorizontalPodAutoscaler> = {
  columns: [
    nameColumn,
    column('Reference', 'What it scales.'),
    column('Targets', 'What was measured, and what is aimed at.'),
    column('MinPods', 'The fewest Pods it asks for.'),
    column('MaxPods', 'The most Pods it asks for.'),
    column('Replicas', 'Pods there are.'),
    ageColumn,
  ],
  row: (autoscaler, now) => [
    nameOf(autoscaler),
    targetText(autoscaler),
    metricsText(autoscaler),
    ...boundsOf(autoscaler),
    autoscaler.status?.currentReplicas ?? 0,
    ageOf(autoscaler, now),
  ],
};
