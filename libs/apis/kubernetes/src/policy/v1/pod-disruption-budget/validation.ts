import {
  type FieldError,
  fieldPath,
  invalid,
  validateLabelSelector,
  validateNonNegative,
  nameIsPathSegment,
} from '@binnacle/machinery-validation';
import {
  validateAtMost100Percent,
  validateIntOrPercent,
  optional,
  validatePlainMeta,
  validateStatusMeta,
  validateSupported,
} from '@binnacle/apis-registry';
import type { PodDisruptionBudget } from '../index.js';

const SPEC = fieldPath('spec');
const STATUS = fieldPath('status');
const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];
const COUNTS = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const;

/** Behaves as kubernetes pkg/apis/policy/validation ValidatePodDisruptionBudget. */
export function validatePodDisruptionBudget(budget: PodDisruptionBudget): FieldError[] {
  const { spec = {} } = budget;
  const both = spec.minAvailable !== undefined && spec.maxUnavailable !== undefined;
  return [
    ...validatePlainMeta(budget, true, nameIsPathSegment),
    ...(both ? [invalid(SPEC, spec, 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...(['minAvailable', 'maxUnavailable'] as const).flatMap((field) =>
      optional(spec[field], SPEC.child(field), (value, path) => [
        ...validateIntOrPercent(value, path),
        ...validateAtMost100Percent(value, path),
      ]),
    ),
    ...validateLabelSelector(spec.selector, SPEC.child('selector')),
    ...optional(spec.unhealthyPodEvictionPolicy, SPEC.child('unhealthyPodEvictionPolicy'), (policy, path) =>
      validateSupported(policy, path, EVICTION_POLICIES),
    ),
  ];
}

export function validatePodDisruptionBudgetStatusUpdate({ metadata, status }: PodDisruptionBudget): FieldError[] {
  return [
    ...validateStatusMeta(metadata),
    ...COUNTS.flatMap((count) => validateNonNegative(status?.[count], STATUS.child(count))),
  ];
}
