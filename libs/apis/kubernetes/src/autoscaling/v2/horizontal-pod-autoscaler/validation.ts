import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  required,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { each, optional, validateMeta, validateStatusMeta } from '@binnacle/apis-registry';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec } from '../index.js';
import { validateBehavior } from './behavior-validation.js';
import { validateMetric } from './metric-validation.js';
import { isVersionRight, validateReference, type VersionRule } from './reference-validation.js';

const SPEC = fieldPath('spec');

function validateReplicas(spec: HorizontalPodAutoscalerSpec, old?: HorizontalPodAutoscalerSpec): FieldError[] {
  const { minReplicas, maxReplicas = 0 } = spec;
  const path = SPEC.child('maxReplicas');
  const least = old?.minReplicas === 0 ? 0 : 1;
  return [
    ...optional(minReplicas, SPEC.child('minReplicas'), (count, at) =>
      count < least ? [invalid(at, count, `must be greater than or equal to ${least}`)] : [],
    ),
    ...(maxReplicas === 0 ? [required(path, 'must be set and greater than 0')] : []),
    ...(maxReplicas < 0 ? [invalid(path, maxReplicas, 'must be greater than or equal to 1')] : []),
    ...(minReplicas !== undefined && maxReplicas < minReplicas
      ? [invalid(path, maxReplicas, 'must be greater than or equal to `minReplicas`')]
      : []),
  ];
}

/** What was scaled before is left alone; of the core group there is but one thing that can be. */
function targetRule(spec: HorizontalPodAutoscalerSpec, old?: HorizontalPodAutoscalerSpec): VersionRule {
  const { kind, apiVersion = '' } = spec.scaleTargetRef ?? {};
  const before = old?.scaleTargetRef;
  if (before && before.kind === kind && (before.apiVersion ?? '') === apiVersion) return 'unchecked';
  return kind === 'ReplicationController' ? 'any group' : 'group';
}

function metricRule(old?: HorizontalPodAutoscalerSpec): VersionRule {
  const wrong = (old?.metrics ?? []).some(
    ({ type, object }) => type === 'Object' && object && !isVersionRight(object.describedObject ?? {}, 'any group'),
  );
  return wrong ? 'unchecked' : 'any group';
}

/** Nothing runs that could tell of a need, so something outside must. */
function validateFromZero({ minReplicas, metrics = [] }: HorizontalPodAutoscalerSpec, path: FieldPath): FieldError[] {
  const outside = metrics.some(({ type }) => type === 'Object' || type === 'External');
  if (minReplicas !== 0 || outside) return [];
  return [forbidden(path, 'must specify at least one Object or External metric to support scaling to zero replicas')];
}

/** Behaves as kubernetes pkg/apis/autoscaling/validation ValidateHorizontalPodAutoscaler, for an update with the old one. */
export function validateAutoscaler(autoscaler: HorizontalPodAutoscaler, old?: HorizontalPodAutoscaler): FieldError[] {
  const { spec } = autoscaler;
  const metrics = SPEC.child('metrics');
  const rule = metricRule(old?.spec);
  return [
    ...validateMeta(autoscaler, true),
    ...validateReplicas(spec, old?.spec),
    ...validateReference(spec.scaleTargetRef, SPEC.child('scaleTargetRef'), targetRule(spec, old?.spec)),
    ...each(spec.metrics, metrics, (metric, at) => validateMetric(metric, at, rule)),
    ...validateFromZero(spec, metrics),
    ...optional(spec.behavior, SPEC.child('behavior'), validateBehavior),
  ];
}

export function validateAutoscalerStatus({ metadata, status }: HorizontalPodAutoscaler): FieldError[] {
  return [
    ...validateStatusMeta(metadata),
    ...validateNonNegative(status?.currentReplicas, fieldPath('status', 'currentReplicas')),
    ...validateNonNegative(status?.desiredReplicas, fieldPath('status', 'desiredReplicas')),
  ];
}
