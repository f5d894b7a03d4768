import { compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  required,
} from '@binnacle/machinery-validation';
import { each, eachEntry, validateMeta } from '../../../registry/rules.js';
import type { LimitRange, LimitRangeItem } from '../index.js';
import { validateAmount, validateContainerResourceName, validateResourceName } from '../pod/resource-validation.js';

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];
type Bound = 'min' | 'max' | 'default' | 'defaultRequest';

/** Pairs that must not be the wrong way round: lower, higher, whose path and value the error shows, and in what words. */
const ORDER: readonly (readonly [lower: Bound, higher: Bound, shown: Bound, words: readonly [string, string]])[] = [
  ['min', 'max', 'min', ['min value', 'max value']],
  ['min', 'defaultRequest', 'defaultRequest', ['min value', 'default request value']],
  ['defaultRequest', 'max', 'defaultRequest', ['default request value', 'max value']],
  ['defaultRequest', 'default', 'defaultRequest', ['default request value', 'default limit value']],
  ['min', 'default', 'default', ['min value', 'default value']],
  ['default', 'max', 'default', ['default value', 'max value']],
];

function validateOrder(item: LimitRangeItem, path: FieldPath): FieldError[] {
  return ORDER.flatMap(([lower, higher, shown, [low, high]]) =>
    eachEntry(item[lower], path.child(shown), (name, least, at) => {
      const most = item[higher]?.[name];
      if (!isQuantity(least) || !isQuantity(most) || compareQuantities(least, most) <= 0) return [];
      return [invalid(at, item[shown]?.[name], `${low} ${least} is greater than ${high} ${most}`)];
    }),
  );
}

function validateType({ type }: LimitRangeItem, path: FieldPath): FieldError[] {
  if (TYPES.includes(type) || type?.includes('/')) return [];
  return [invalid(path, type ?? '', 'must be a standard limit type or fully qualified')];
}

function validateForType(item: LimitRangeItem, path: FieldPath): FieldError[] {
  if (item.type === 'PersistentVolumeClaim' && !item.min?.storage && !item.max?.storage) {
    const why = 'either minimum or maximum storage value is required, but neither was provided';
    return [required(path.child('limits'), why)];
  }
  if (item.type !== 'Pod') return [];
  return (['default', 'defaultRequest'] as const)
    .filter((field) => Object.keys(item[field] ?? {}).length > 0)
    .map((field) => forbidden(path.child(field), "may not be specified when `type` is 'Pod'"));
}

function validateItem(item: LimitRangeItem, path: FieldPath): FieldError[] {
  const checkName = item.type === 'PersistentVolumeClaim' ? validateResourceName : validateContainerResourceName;
  const amounts = (['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const).flatMap((field) =>
    eachEntry(item[field], path.child(field), (name, amount, at) => [
      ...checkName(name, at),
      ...validateAmount(name, amount, at),
    ]),
  );
  return [
    ...validateType(item, path.child('type')),
    ...amounts,
    ...validateForType(item, path),
    ...validateOrder(item, path),
  ];
}

/** Behaves as kubernetes ValidateLimitRange. */
export function validateLimitRange(range: LimitRange): FieldError[] {
  const seen = new Set<string>();
  return [
    ...validateMeta(range, true),
    ...each(range.spec?.limits, fieldPath('spec', 'limits'), (item, path) => {
      const repeated = seen.has(item.type) ? [duplicate(path.child('type'), item.type)] : [];
      seen.add(item.type);
      return [...validateItem(item, path), ...repeated];
    }),
  ];
}
