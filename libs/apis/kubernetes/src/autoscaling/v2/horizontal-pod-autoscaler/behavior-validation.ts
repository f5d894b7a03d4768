import { compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import {
  type FieldError,
  type FieldPath,
  invalid,
  MUST_NOT_BE_NEGATIVE,
  required,
} from '@binnacle/machinery-validation';
import { each, optional, validateSupported } from '@binnacle/apis-registry';
import type { HorizontalPodAutoscalerBehavior, HPAScalingPolicy, HPAScalingRules } from '../index.js';

const MOST_PERIOD = 1800;
const MOST_WINDOW = 3600;
const POLICY_TYPES = ['Percent', 'Pods'];
const SELECTIONS = ['Disabled', 'Max', 'Min'];

const atMost = (value: number, path: FieldPath, most: number): FieldError[] =>
  value > most ? [invalid(path, value, `must be less than or equal to ${most}`)] : [];

function validatePolicy({ type, value, periodSeconds }: HPAScalingPolicy, path: FieldPath): FieldError[] {
  const positive = (field: string, count = 0): FieldError[] =>
    count > 0 ? [] : [invalid(path.child(field), count, 'must be greater than zero')];
  return [
    ...validateSupported(type ?? '', path.child('type'), POLICY_TYPES),
    ...positive('value', value),
    ...positive('periodSeconds', periodSeconds),
    ...atMost(periodSeconds, path.child('periodSeconds'), MOST_PERIOD),
  ];
}

function validateRules(rules: HPAScalingRules, path: FieldPath): FieldError[] {
  const { policies = [], tolerance, selectPolicy, stabilizationWindowSeconds } = rules;
  return [
    ...optional(stabilizationWindowSeconds, path.child('stabilizationWindowSeconds'), (seconds, at) => [
      ...(seconds < 0 ? [invalid(at, seconds, 'must be greater than or equal to zero')] : []),
      ...atMost(seconds, at, MOST_WINDOW),
    ]),
    ...optional(selectPolicy, path.child('selectPolicy'), (selection, at) =>
      validateSupported(selection, at, SELECTIONS),
    ),
    ...(policies.length === 0 ? [required(path.child('policies'), 'must specify at least one Policy')] : []),
    ...each(policies, path.child('policies'), validatePolicy),
    ...optional(tolerance, path.child('tolerance'), (share, at) =>
      isQuantity(share) && compareQuantities(share, 0) >= 0 ? [] : [invalid(at, String(share), MUST_NOT_BE_NEGATIVE)],
    ),
  ];
}

/** How fast it may go up and down. */
export function validateBehavior(
  { scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior,
  path: FieldPath,
): FieldError[] {
  return [
    ...optional(scaleUp, path.child('scaleUp'), validateRules),
    ...optional(scaleDown, path.child('scaleDown'), validateRules),
  ];
}
