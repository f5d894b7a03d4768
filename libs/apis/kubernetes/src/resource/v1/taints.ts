import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isLabelValue,
  isQualifiedName,
  notSupported,
} from '@binnacle/machinery-validation';
import { oneOf } from '@binnacle/apis-registry';
import type { DeviceTaint, DeviceToleration } from './index.js';

const EFFECTS = ['NoExecute', 'NoSchedule', 'None'];
const OPERATORS = ['Equal', 'Exists'];

export function validateTaint({ key = '', value = '', effect }: DeviceTaint, path: FieldPath): FieldError[] {
  return [
    ...invalidEach(path.child('key'), key, isQualifiedName(key)),
    ...invalidEach(path.child('value'), value, isLabelValue(value)),
    ...oneOf(effect, path.child('effect'), EFFECTS),
  ];
}

function validateValue({ operator, value = '' }: DeviceToleration, path: FieldPath): FieldError[] {
  const at = path.child('value');
  if (operator === 'Equal') return invalidEach(at, value, isLabelValue(value));
  if (operator !== 'Exists') return oneOf(operator, path.child('operator'), OPERATORS);
  return value ? [invalid(at, value, 'must be empty for operator `Exists`')] : [];
}

export function validateToleration(toleration: DeviceToleration, path: FieldPath): FieldError[] {
  const { key = '', effect = '' } = toleration;
  return [
    ...(key ? invalidEach(path.child('key'), key, isQualifiedName(key)) : []),
    ...validateValue(toleration, path),
    ...(effect && !EFFECTS.includes(effect) ? [notSupported(path.child('effect'), effect, EFFECTS)] : []),
  ];
}
