import { addQuantities, compareQuantities, toUnits } from '@binnacle/machinery-quantity';
import type { Quantity } from '@binnacle/machinery-meta';
import { type FieldError, type FieldPath, forbidden, invalid, required } from '@binnacle/machinery-validation';
import type { CapacityRequestPolicy, CapacityRequestPolicyRange, DeviceCapacity } from '../index.js';
import { validateSet } from '../lists.js';

const MOST_VALUES = 10;

const exceeds = (one: Quantity, other: Quantity): boolean => compareQuantities(one, other) > 0;

function validateValues(values: readonly Quantity[], usual: Quantity, most: Quantity, path: FieldPath): FieldError[] {
  const unsorted = values.flatMap((value, index) => {
    const before = values[index - 1];
    if (before === undefined || !exceeds(before, value)) return [];
    return [invalid(path.index(index), String(value), 'values must be sorted in ascending order')];
  });
  const found = values.length <= MOST_VALUES && values.some((value) => compareQuantities(value, usual) === 0);
  return [
    ...unsorted,
    ...validateSet(
      values,
      path,
      MOST_VALUES,
      (value, at) =>
        exceeds(value, most) ? [invalid(at, String(value), `option is larger than capacity value: ${most}`)] : [],
      (value) => String(toUnits(value)),
    ),
    ...(found ? [] : [invalid(path, String(usual), 'default value is not valid according to the requestPolicy')]),
  ];
}

function validateSteps(value: Quantity, { min, step = 1 }: CapacityRequestPolicyRange, path: FieldPath): FieldError[] {
  if (toUnits(step) !== 0 && (toUnits(value) - toUnits(min)) % toUnits(step) === 0) return [];
  return [invalid(path, String(value), `value is not a multiple of a given step (${step}) from (${min})`)];
}

function validateStep(
  range: CapacityRequestPolicyRange,
  usual: Quantity,
  most: Quantity,
  path: FieldPath,
): FieldError[] {
  const { min, max, step } = range;
  if (step === undefined) return [];
  const first = addQuantities(min, step);
  return [
    ...(exceeds(first, most)
      ? [invalid(path, String(step), `one step ${first} is larger than capacity value: ${most}`)]
      : []),
    ...validateSteps(usual, range, path),
    ...(max === undefined ? [] : validateSteps(max, range, path)),
  ];
}

function validateMaximum({ min, max }: CapacityRequestPolicyRange, usual: Quantity, most: Quantity, path: FieldPath) {
  if (max === undefined) return [];
  return [
    ...(exceeds(min, max) ? [invalid(path, String(min), `min is larger than max: ${max}`)] : []),
    ...(exceeds(max, most) ? [invalid(path, String(max), `max is larger than capacity value: ${most}`)] : []),
    ...(exceeds(usual, max) ? [invalid(path, String(usual), `default is more than max: ${max}`)] : []),
  ];
}

function validateRange(
  range: CapacityRequestPolicyRange,
  usual: Quantity,
  most: Quantity,
  path: FieldPath,
): FieldError[] {
  const { min } = range;
  const at = path.child('min');
  if (min === undefined) return [required(at, 'required when validRange is defined')];
  return [
    ...(exceeds(min, most) ? [invalid(at, String(min), `min is larger than capacity value: ${most}`)] : []),
    ...(exceeds(min, usual) ? [invalid(at, String(usual), `default is less than min: ${min}`)] : []),
    ...validateMaximum(range, usual, most, path.child('max')),
    ...validateStep(range, usual, most, path.child('step')),
  ];
}

function validatePolicy(policy: CapacityRequestPolicy, most: Quantity, path: FieldPath): FieldError[] {
  const { default: usual, validValues = [], validRange } = policy;
  const at = path.child('default');
  if (validValues.length > 0 && validRange) {
    const both = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
    return [forbidden(path, both)];
  }
  if (validValues.length > 0) {
    if (usual === undefined) return [required(at, 'required when validValues is defined')];
    return validateValues(validValues, usual, most, path.child('validValues'));
  }
  if (!validRange) return [];
  if (usual === undefined) return [required(at, 'required when validRange is defined')];
  return validateRange(validRange, usual, most, path.child('validRange'));
}

/** How much a device has, and in what portions; only a shared one is portioned. */
export function validateCapacity(
  { value, requestPolicy }: DeviceCapacity,
  path: FieldPath,
  shared: boolean,
): FieldError[] {
  if (!requestPolicy) return [];
  const at = path.child('requestPolicy');
  return shared
    ? validatePolicy(requestPolicy, value ?? '0', at)
    : [forbidden(at, 'allowMultipleAllocations must be true')];
}
