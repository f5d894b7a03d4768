import { type FieldError, fieldPath, forbidden, validateImmutable } from '@binnacle/machinery-validation';
import { oneOf, validateMeta } from '@binnacle/apis-registry';
import type { PriorityClass } from '../index.js';

const SYSTEM_PREFIX = 'system-';
const MAX_USER_VALUE = 1_000_000_000;
const POLICIES = ['PreemptLowerPriority', 'Never'];

/** The classes the system itself brings, and the only ones its prefix is for. */
export const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2 * MAX_USER_VALUE,
  'system-node-critical': 2 * MAX_USER_VALUE + 1000,
};

function systemProblem({ metadata: { name = '' }, value, globalDefault = false }: PriorityClass): string | undefined {
  const expected = SYSTEM_PRIORITIES[name];
  if (expected === undefined) return `${name} is not a known system priority class`;
  if (value !== expected) return `value of ${name} PriorityClass must be ${expected}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

function validateReserved(priority: PriorityClass): FieldError[] {
  if (!priority.metadata.name?.startsWith(SYSTEM_PREFIX)) {
    if ((priority.value ?? 0) <= MAX_USER_VALUE) return [];
    const why = `maximum allowed value of a user defined priority is ${MAX_USER_VALUE}`;
    return [forbidden(fieldPath('value'), why)];
  }
  const problem = systemProblem(priority);
  if (!problem) return [];
  const why = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem}`;
  return [forbidden(fieldPath('metadata', 'name'), why)];
}

/** Behaves as kubernetes pkg/apis/scheduling/validation ValidatePriorityClass. */
export function validatePriorityClass(priority: PriorityClass): FieldError[] {
  return [
    ...validateMeta(priority, false),
    ...validateReserved(priority),
    ...oneOf(priority.preemptionPolicy, fieldPath('preemptionPolicy'), POLICIES),
  ];
}

export function validatePriorityClassUpdate(next: PriorityClass, old: PriorityClass): FieldError[] {
  const changed = next.value !== old.value;
  return [
    ...(changed ? [forbidden(fieldPath('value'), 'may not be changed in an update.')] : []),
    ...validateImmutable(next.preemptionPolicy, old.preemptionPolicy, fieldPath('preemptionPolicy')),
  ];
}
