import { compareQuantities, isQuantity, toMillis } from '@binnacle/machinery-quantity';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  isQualifiedName,
  required,
} from '@binnacle/machinery-validation';
import { each, eachEntry, validateMeta } from '@binnacle/apis-registry';
import type { LimitRange, LimitRangeItem } from '../index.js';
import {
  validateContainerResourceName,
  validateQuantityForm,
  validateResourceName,
} from '../pod/resource-validation.js';
import { canOvercommit } from '../resource-names.js';

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];
type Bound = 'min' | 'max' | 'default' | 'defaultRequest';

/** Two that must not be the wrong way round. */
interface Order {
  readonly lower: Bound;
  readonly higher: Bound;
  /** Where the error stands, and whose value it shows. */
  readonly at: Bound;
  readonly shown: Bound;
  readonly words: readonly [lower: string, higher: string];
}

const ORDER: readonly Order[] = [
  { lower: 'min', higher: 'max', at: 'min', shown: 'min', words: ['min value', 'max value'] },
  {
    lower: 'min',
    higher: 'defaultRequest',
    at: 'defaultRequest',
    shown: 'defaultRequest',
    words: ['min value', 'default request value'],
  },
  {
    lower: 'defaultRequest',
    higher: 'max',
    at: 'defaultRequest',
    shown: 'defaultRequest',
    words: ['default request value', 'max value'],
  },
  {
    lower: 'defaultRequest',
    higher: 'default',
    at: 'defaultRequest',
    shown: 'defaultRequest',
    words: ['default request value', 'default limit value'],
  },
  { lower: 'min', higher: 'default', at: 'default', shown: 'min', words: ['min value', 'default value'] },
  { lower: 'default', higher: 'max', at: 'default', shown: 'max', words: ['default value', 'max value'] },
];

function validateOrder(item: LimitRangeItem, path: FieldPath): FieldError[] {
  return ORDER.flatMap(({ lower, higher, at, shown, words: [low, high] }) =>
    eachEntry(item[lower], path.child(at), (name, least, place) => {
      const most = item[higher]?.[name];
      if (!isQuantity(least) || !isQuantity(most) || compareQuantities(least, most) <= 0) return [];
      return [invalid(place, item[shown]?.[name], `${low} ${least} is greater than ${high} ${most}`)];
    }),
  );
}

/** How many times its request a limit may be: at least once, and not more than the bounds themselves allow. */
function validateRatios({ min, max, maxLimitRequestRatio }: LimitRangeItem, path: FieldPath): FieldError[] {
  return eachEntry(maxLimitRequestRatio, path.child('maxLimitRequestRatio'), (name, ratio, at) => {
    if (!isQuantity(ratio)) return [];
    const errors = compareQuantities(ratio, 1) < 0 ? [invalid(at, ratio, `ratio ${ratio} is less than 1`)] : [];
    const [least, most] = [min?.[name], max?.[name]];
    if (!isQuantity(least) || !isQuantity(most)) return errors;
    const possible = toMillis(most) / toMillis(least);
    if (toMillis(ratio) / 1000 <= possible) return errors;
    return [...errors, invalid(at, ratio, `ratio ${ratio} is greater than max/min = ${possible.toFixed(6)}`)];
  });
}

/** What cannot be overcommitted is asked for as it is limited. */
function validateEqual(item: LimitRangeItem, path: FieldPath): FieldError[] {
  return eachEntry(item.defaultRequest, path.child('defaultRequest'), (name, request, at) => {
    const limit = item.default?.[name];
    if (canOvercommit(name) || !isQuantity(request) || !isQuantity(limit)) return [];
    if (compareQuantities(request, limit) === 0) return [];
    return [invalid(at, request, `default value ${limit} must equal to defaultRequest value ${request} in ${name}`)];
  });
}

function validateType({ type = '' }: Partial<LimitRangeItem>, path: FieldPath): FieldError[] {
  const errors = isQualifiedName(type).map((why) => invalid(path, type, why));
  if (errors.length > 0 || TYPES.includes(type) || type.includes('/')) return errors;
  return [invalid(path, type, 'must be a standard limit type or fully qualified')];
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

function validateNames(item: LimitRangeItem, path: FieldPath): FieldError[] {
  const check = ['Pod', 'Container'].includes(item.type) ? validateContainerResourceName : validateResourceName;
  return (['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const).flatMap((field) =>
    eachEntry(item[field], path.child(field), (name, amount, at) => [
      ...check(name, at),
      ...validateQuantityForm(amount, at),
    ]),
  );
}

/** What a Pod cannot have is not looked at any further. */
function withoutDefaults(item: LimitRangeItem): LimitRangeItem {
  const { default: _limits, defaultRequest: _requests, ...rest } = item;
  return rest;
}

function validateItem(item: LimitRangeItem, path: FieldPath): FieldError[] {
  const looked = item.type === 'Pod' ? withoutDefaults(item) : item;
  return [
    ...validateType(item, path.child('type')),
    ...validateNames(looked, path),
    ...validateForType(item, path),
    ...validateOrder(looked, path),
    ...validateRatios(looked, path),
    ...validateEqual(looked, path),
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
