import type { Condition } from '@binnacle/machinery-meta';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isConditionReason,
  isQualifiedName,
  required,
  tooLong,
} from '@binnacle/machinery-validation';
import { each, validateSupported } from './rules.js';

const STATUSES = ['False', 'True', 'Unknown'];
const MAX_REASON = 1024;
const MAX_MESSAGE = 32 * 1024;

function validateReason(reason: string | undefined, path: FieldPath): FieldError[] {
  if (!reason) return [required(path)];
  const long = reason.length > MAX_REASON ? [tooLong(path, MAX_REASON)] : [];
  return [...invalidEach(path, reason, isConditionReason(reason)), ...long];
}

function validateCondition(condition: Condition, path: FieldPath): FieldError[] {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime, message = '' } = condition;
  const observed = path.child('observedGeneration');
  return [
    ...invalidEach(path.child('type'), type, isQualifiedName(type)),
    ...validateSupported(status, path.child('status'), STATUSES),
    ...(observedGeneration < 0 ? [invalid(observed, observedGeneration, 'must be greater than or equal to zero')] : []),
    ...(lastTransitionTime ? [] : [required(path.child('lastTransitionTime'))]),
    ...validateReason(condition.reason, path.child('reason')),
    ...(message.length > MAX_MESSAGE ? [tooLong(path.child('message'), MAX_MESSAGE)] : []),
  ];
}

/** Conditions in their general form. Behaves as apimachinery pkg/apis/meta/v1/validation ValidateConditions. */
export function validateConditions(conditions: readonly Condition[] | undefined, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return each(conditions, path, (condition, at) => {
    const again = seen.has(condition.type) ? [duplicate(at.child('type'), condition.type)] : [];
    seen.add(condition.type);
    return [...again, ...validateCondition(condition, at)];
  });
}
