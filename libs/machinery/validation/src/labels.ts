import type { LabelSelector, LabelSelectorRequirement } from '@binnacle/machinery-meta';
import { forbidden, invalid, invalidEach, required, tooLong, type FieldError } from './field-error.js';
import { isLabelValue, isQualifiedName } from './names.js';
import type { FieldPath } from './path.js';

export const ANNOTATIONS_MAX_BYTES = 256 * 1024;

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;

export function validateLabels(labels: Readonly<Record<string, string>> = {}, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    errors.push(...invalidEach(path, key, isQualifiedName(key)), ...invalidEach(path, value, isLabelValue(value)));
  }
  return errors;
}

/** Keys are judged in lower case; the limit is on keys and values together. */
export function validateAnnotations(annotations: Readonly<Record<string, string>> = {}, path: FieldPath): FieldError[] {
  const entries = Object.entries(annotations);
  const errors = entries.flatMap(([key]) => invalidEach(path, key, isQualifiedName(key.toLowerCase())));
  const total = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  return total > ANNOTATIONS_MAX_BYTES ? [...errors, tooLong(path, ANNOTATIONS_MAX_BYTES)] : errors;
}

function validateOperator({ operator, values = [] }: LabelSelectorRequirement, path: FieldPath): FieldError[] {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length > 0) return [];
    return [required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'")];
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length === 0) return [];
    return [forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
  }
  return [invalid(path.child('operator'), operator, 'not a valid selector operator')];
}

export function validateLabelSelectorRequirement(requirement: LabelSelectorRequirement, path: FieldPath): FieldError[] {
  const values = (requirement.values ?? []).flatMap((value, index) =>
    invalidEach(path.child('values').index(index), value, isLabelValue(value)),
  );
  const key = invalidEach(path.child('key'), requirement.key, isQualifiedName(requirement.key));
  return [...validateOperator(requirement, path), ...key, ...values];
}

export function validateLabelSelector(selector: LabelSelector | undefined, path: FieldPath): FieldError[] {
  if (!selector) return [];
  const expressions = (selector.matchExpressions ?? []).flatMap((requirement, index) =>
    validateLabelSelectorRequirement(requirement, path.child('matchExpressions').index(index)),
  );
  return [...validateLabels(selector.matchLabels, path.child('matchLabels')), ...expressions];
}
