import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  BEHAVIOR,
  CONDITIONS,
  CURRENT_METRICS,
  METRICS,
  withoutConversion,
} from '../../v2/horizontal-pod-autoscaler/annotations.js';
import { cpuMetric } from '../../v2/horizontal-pod-autoscaler/defaults.js';
import type {
  HorizontalPodAutoscaler as Stored,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerSpec as StoredSpec,
  HorizontalPodAutoscalerStatus as StoredStatus,
  MetricSpec,
  MetricStatus,
} from '../../v2/index.js';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec, HorizontalPodAutoscalerStatus } from '../index.js';
import { behaviorFromV1, behaviorToV1 } from './behavior.js';
import { metricFromV1, metricToV1, statusFromV1, statusToV1 } from './metrics.js';

/** A list that an annotation carries; undefined where it cannot be read, which upstream passes over. */
function readList(annotation: string | undefined): Record<string, unknown>[] | undefined {
  const value = readJson(annotation);
  const isObject = (item: unknown) => typeof item === 'object' && item !== null && !Array.isArray(item);
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}

function readJson(annotation: string | undefined): unknown {
  try {
    return annotation === undefined ? undefined : JSON.parse(annotation);
  } catch {
    return undefined;
  }
}

type Annotations = Readonly<Record<string, string>>;

function storedMetrics(percent: number | undefined, annotations: Annotations): MetricSpec[] {
  const others = (readList(annotations[METRICS]) ?? []).map(metricFromV1);
  const metrics = percent === undefined ? others : [...others, cpuMetric(percent)];
  return metrics.length > 0 ? metrics : [cpuMetric()];
}

function storedSpec(spec: HorizontalPodAutoscalerSpec, annotations: Annotations): StoredSpec {
  const { targetCPUUtilizationPercentage, ...same } = spec;
  const behavior = behaviorFromV1(readJson(annotations[BEHAVIOR]));
  const metrics = storedMetrics(targetCPUUtilizationPercentage, annotations);
  return { ...same, metrics, ...(behavior && { behavior }) };
}

const cpuStatus = (averageUtilization: number): MetricStatus => ({
  type: 'Resource',
  resource: { name: 'cpu', current: { averageUtilization } },
});

function storedStatus(status: HorizontalPodAutoscalerStatus, annotations: Annotations): StoredStatus {
  const { currentCPUUtilizationPercentage: percent, ...same } = status;
  const all = readList(annotations[CURRENT_METRICS])?.map(statusFromV1);
  const currentMetrics = all ?? (percent === undefined ? undefined : [cpuStatus(percent)]);
  const conditions = readList(annotations[CONDITIONS]) as HorizontalPodAutoscalerCondition[] | undefined;
  return { ...same, ...(currentMetrics && { currentMetrics }), ...(conditions && { conditions }) };
}

/** Behaves as kubernetes Convert_v1_HorizontalPodAutoscaler: what version 1 has no fields for stands in annotations. */
export function toStored({ metadata, spec, status, ...rest }: HorizontalPodAutoscaler): UnstructuredObject {
  const annotations = metadata.annotations ?? {};
  return {
    ...rest,
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: withoutConversion(metadata),
    ...(spec && { spec: storedSpec(spec, annotations) }),
    ...(status && { status: storedStatus(status, annotations) }),
  };
}

/** The one metric that version 1 has a field for. */
const isCpuPercent = ({ type, resource }: MetricSpec): boolean =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target?.averageUtilization !== undefined;

function servedSpec({ metrics = [], behavior: _, ...same }: StoredSpec): HorizontalPodAutoscalerSpec {
  const percent = metrics.find(isCpuPercent)?.resource?.target.averageUtilization;
  return { ...same, ...(percent !== undefined && { targetCPUUtilizationPercentage: percent }) };
}

function servedStatus(status: StoredStatus): HorizontalPodAutoscalerStatus {
  const { currentMetrics = [], conditions: _, currentReplicas = 0, ...same } = status;
  const cpu = currentMetrics.findLast(
    ({ type, resource }) =>
      type === 'Resource' && resource?.name === 'cpu' && resource.current?.averageUtilization !== undefined,
  );
  const percent = cpu?.resource?.current.averageUtilization;
  return { ...same, currentReplicas, ...(percent !== undefined && { currentCPUUtilizationPercentage: percent }) };
}

const conditionToV1 = ({
  type,
  status,
  lastTransitionTime,
  reason,
  message,
}: HorizontalPodAutoscalerCondition): object => ({
  type,
  status,
  lastTransitionTime: lastTransitionTime ?? null,
  ...(reason && { reason }),
  ...(message && { message }),
});

/** An annotation that carries a list, where there is something in it. */
function carried(key: string, list: readonly object[]): Record<string, string> {
  return list.length > 0 ? { [key]: JSON.stringify(list) } : {};
}

function annotationsOf({ spec, status }: Partial<Stored>): Record<string, string> {
  const { metrics = [], behavior } = spec ?? {};
  const { currentMetrics = [], conditions = [] } = status ?? {};
  return {
    ...carried(METRICS, metrics.filter((metric) => !isCpuPercent(metric)).map(metricToV1)),
    ...carried(CURRENT_METRICS, currentMetrics.map(statusToV1)),
    ...(behavior && { [BEHAVIOR]: JSON.stringify(behaviorToV1(behavior)) }),
    ...carried(CONDITIONS, conditions.map(conditionToV1)),
  };
}

/** Behaves as kubernetes Convert_autoscaling_HorizontalPodAutoscaler_To_v1_HorizontalPodAutoscaler. */
export function fromStored(object: UnstructuredObject): HorizontalPodAutoscaler {
  const { metadata, spec, status, ...rest } = object as unknown as Stored;
  const kept = withoutConversion(metadata);
  const annotations = { ...kept.annotations, ...annotationsOf({ spec, ...(status && { status }) }) };
  return {
    ...rest,
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: Object.keys(annotations).length > 0 ? { ...kept, annotations } : kept,
    ...(spec && { spec: servedSpec(spec) }),
    ...(status && { status: servedStatus(status) }),
  } as HorizontalPodAutoscaler;
}
