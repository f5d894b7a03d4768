import { compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import type { Quantity } from '@binnacle/machinery-meta';
import { type FieldError, type FieldPath, forbidden, invalid, required } from '@binnacle/machinery-validation';
import { optional } from '@binnacle/apis-registry';
import type { MetricTarget } from '../index.js';

const TYPES = ['Utilization', 'Value', 'AverageValue'];

type Measure = 'value' | 'averageValue' | 'averageUtilization';

/** What is aimed at, of which a client may have said nothing. */
type Target = Partial<MetricTarget> | undefined;

export function has(target: Target, measure: Measure): boolean {
  return target?.[measure] !== undefined;
}

function validatePositive(amount: Quantity | undefined, path: FieldPath): FieldError[] {
  return optional(amount, path, (value, at) =>
    isQuantity(value) && compareQuantities(value, 0) > 0 ? [] : [invalid(at, String(value), 'must be positive')],
  );
}

/** Behaves as kubernetes validateMetricTarget. */
export function validateTarget(target: Target, path: FieldPath): FieldError[] {
  const { type = '', value, averageValue, averageUtilization } = target ?? {};
  const unknown = 'must be either Utilization, Value, or AverageValue';
  return [
    ...(type === '' ? [required(path.child('type'), 'must specify a metric target type')] : []),
    ...(TYPES.includes(type) ? [] : [invalid(path.child('type'), type, unknown)]),
    ...validatePositive(value, path.child('value')),
    ...validatePositive(averageValue, path.child('averageValue')),
    ...optional(averageUtilization, path.child('averageUtilization'), (percent, at) =>
      percent < 1 ? [invalid(at, percent, 'must be greater than 0')] : [],
    ),
  ];
}

/** Of a resource either a share of what was asked for or an amount. */
export function validateOneMeasure(target: Target, path: FieldPath): FieldError[] {
  const [share, amount] = [has(target, 'averageUtilization'), has(target, 'averageValue')];
  if (share !== amount) return [];
  return share
    ? [forbidden(path.child('averageValue'), 'may not set both a target raw value and a target utilization')]
    : [required(path.child('averageUtilization'), 'must set either a target raw value or a target utilization')];
}

/** Of something outside either a value or a mean over Pods. */
export function validateOneValue(target: Target, path: FieldPath): FieldError[] {
  const [value, mean] = [has(target, 'value'), has(target, 'averageValue')];
  if (value !== mean) return [];
  return value
    ? [forbidden(path.child('value'), 'may not set both a target value for metric and a per-pod target')]
    : [required(path.child('averageValue'), 'must set either a target value for metric or a per-pod target')];
}
