import type { IntOrString, LabelSelector } from '@binnacle/machinery-meta';
import { percentOf } from '@binnacle/machinery-quantity';
import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isPercent,
  required,
  validateLabelSelector,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { matcherIfReadable } from './selectors.js';

/** A selector that must be there and select something. The text names the Deployment for ReplicaSets too, as upstream's does. */
export function validateRequiredSelector(selector: LabelSelector | undefined, path: FieldPath): FieldError[] {
  if (!selector) return [required(path)];
  const errors = validateLabelSelector(selector, path);
  const matcher = matcherIfReadable(selector);
  if (!matcher) return [...errors, invalid(path, selector, 'invalid label selector')];
  if (!matcher.matchesEverything) return errors;
  return [...errors, invalid(path, selector, 'empty selector is invalid for deployment')];
}

export function validateIntOrPercent(value: IntOrString, path: FieldPath): FieldError[] {
  return typeof value === 'string' ? invalidEach(path, value, isPercent(value)) : validateNonNegative(value, path);
}

export function validateAtMost100Percent(value: IntOrString, path: FieldPath): FieldError[] {
  return (percentOf(value) ?? 0) > 100 ? [invalid(path, value, 'must not be greater than 100%')] : [];
}

/** A number, or the number of a percentage; text that is neither is none. Behaves as kubernetes getIntOrPercentValue. */
export function intOrPercentValue(value: IntOrString): number {
  if (typeof value === 'number') return value;
  return percentOf(value) ?? (/^[+-]?\d+$/.test(value) ? Number(value) : 0);
}

interface CollisionCount {
  readonly collisionCount?: number;
}

/** Names that were taken are never forgotten. */
export function validateCollisionCount(
  next: CollisionCount | undefined,
  old: CollisionCount | undefined,
  path: FieldPath,
): FieldError[] {
  const [count, before] = [next?.collisionCount, old?.collisionCount];
  if (before === undefined || (count ?? -1) >= before) return [];
  return [invalid(path.child('collisionCount'), count ?? 0, 'cannot be decremented')];
}

interface ReplicaCounts {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly [field: string]: unknown;
}

/**
 * Numbers of a status: none negative, none of `within` above `replicas`, and none available that is not ready, which is
 * called `ready`.
 */
export function validateReplicaCounts(
  status: ReplicaCounts,
  path: FieldPath,
  fields: readonly string[],
  within: readonly string[],
  ready = 'readyReplicas',
): FieldError[] {
  const valueOf = (field: string) => Number(status[field] ?? 0);
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  const errors = [
    ...fields.flatMap((field) => validateNonNegative(valueOf(field), path.child(field))),
    ...within
      .filter((field) => valueOf(field) > replicas)
      .map((field) => invalid(path.child(field), valueOf(field), 'cannot be greater than status.replicas')),
  ];
  if (availableReplicas <= readyReplicas) return errors;
  return [...errors, invalid(path.child('availableReplicas'), availableReplicas, `cannot be greater than ${ready}`)];
}
