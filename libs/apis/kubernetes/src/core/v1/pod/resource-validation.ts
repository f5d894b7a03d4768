import { compareQuantities, isQuantity, toMillis } from '@binnacle/machinery-quantity';
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  invalidEach,
  isQualifiedName,
  MUST_NOT_BE_NEGATIVE,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { type ResourceList, eachEntry } from '@binnacle/apis-registry';
import type { ResourceRequirements } from '../index.js';
import {
  canOvercommit,
  isContainerResource,
  isExtended,
  isHugePage,
  isNative,
  isStandard,
  isWhole,
} from '../resource-names.js';

type Quantity = ResourceList[string];

const QUANTITY_FORM = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Whether it is an amount at all, which upstream finds out before it validates. */
export function validateQuantityForm(amount: Quantity, path: FieldPath): FieldError[] {
  return isQuantity(amount) ? [] : [invalid(path, amount, QUANTITY_FORM)];
}

/** Behaves as kubernetes ValidateResourceQuantityValue. */
export function validateAmount(resource: string, amount: Quantity, path: FieldPath): FieldError[] {
  if (!isQuantity(amount)) return validateQuantityForm(amount, path);
  const errors = compareQuantities(amount, 0) < 0 ? [invalid(path, String(amount), MUST_NOT_BE_NEGATIVE)] : [];
  const fraction = isWhole(resource) && toMillis(amount) % 1000 !== 0;
  return fraction ? [...errors, invalid(path, String(amount), 'must be an integer')] : errors;
}

export function validateResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = invalidEach(path, name, isQualifiedName(name));
  if (errors.length > 0 || name.includes('/') || isStandard(name)) return errors;
  return [invalid(path, name, 'must be a standard resource type or fully qualified')];
}

export function validateContainerResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes('/'))
    return isContainerResource(name)
      ? errors
      : [...errors, invalid(path, name, 'must be a standard resource for containers')];
  if (isNative(name) || isExtended(name)) return errors;
  return [...errors, invalid(path, name, "doesn't follow extended resource name standard")];
}

const POD_RESOURCES = ['cpu', 'memory'];

/** What may be asked for the Pod as a whole. */
export function validatePodResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(name, path);
  if (errors.length > 0 || POD_RESOURCES.includes(name) || isHugePage(name)) return errors;
  return [notSupported(path, name, POD_RESOURCES)];
}

function exceedsLimit(name: string, request: Quantity, limit: Quantity | undefined): string | undefined {
  if (!isQuantity(request) || !isQuantity(limit)) return undefined;
  const order = compareQuantities(request, limit);
  if (order !== 0 && !canOvercommit(name)) return `must be equal to ${name} limit of ${limit}`;
  return order > 0 ? `must be less than or equal to ${name} limit of ${limit}` : undefined;
}

function validateAgainstLimit(
  name: string,
  request: Quantity,
  limit: Quantity | undefined,
  path: FieldPath,
): FieldError[] {
  if (limit === undefined) {
    if (canOvercommit(name)) return [];
    return [required(path.child('limits'), 'Limit must be set for non overcommitable resources')];
  }
  const problem = exceedsLimit(name, request, limit);
  return problem ? [invalid(path.child('requests'), String(request), problem)] : [];
}

function validateHugePages(requirements: ResourceRequirements, path: FieldPath): FieldError[] {
  const names = Object.keys({ ...requirements.limits, ...requirements.requests });
  const alone = names.some(isHugePage) && !names.some((name) => POD_RESOURCES.includes(name));
  return alone ? [forbidden(path, 'HugePages require cpu or memory')] : [];
}

/** Behaves as kubernetes validateResourceRequirements; `checkName` says which resources may be asked for. */
export function validateResourceRequirements(
  requirements: ResourceRequirements | undefined,
  path: FieldPath,
  checkName: (name: string, path: FieldPath) => FieldError[] = validateContainerResourceName,
): FieldError[] {
  if (!requirements) return [];
  const checkEntry = (name: string, amount: Quantity, at: FieldPath) => [
    ...checkName(name, at),
    ...validateAmount(name, amount, at),
  ];
  return [
    ...eachEntry(requirements.limits, path.child('limits'), checkEntry),
    ...eachEntry(requirements.requests, path.child('requests'), (name, amount, at) => [
      ...checkEntry(name, amount, at),
      ...validateAgainstLimit(name, amount, requirements.limits?.[name], path),
    ]),
    ...validateHugePages(requirements, path),
  ];
}
