import type { ObjectMeta } from '@binnacle/machinery-meta';

/** Where version 1 says what it has no fields for. */
export const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
export const CURRENT_METRICS = 'autoscaling.alpha.kubernetes.io/current-metrics';
export const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';
export const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';
const TOLERANCES = [
  'autoscaling.alpha.kubernetes.io/scale-down-tolerance',
  'autoscaling.alpha.kubernetes.io/scale-up-tolerance',
];
const ALL = [METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR, ...TOLERANCES];

/** The metadata without them: what they say stands in fields here. */
export function withoutConversion(metadata: ObjectMeta): ObjectMeta {
  const { annotations, ...rest } = metadata;
  if (!annotations || !ALL.some((key) => key in annotations)) return metadata;
  const kept = Object.entries(annotations).filter(([key]) => !ALL.includes(key));
  return kept.length > 0 ? { ...rest, annotations: Object.fromEntries(kept) } : rest;
}
