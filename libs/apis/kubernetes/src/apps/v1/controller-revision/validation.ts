import {
  type FieldError,
  fieldPath,
  required,
  validateImmutable,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { validateMeta } from '@binnacle/apis-registry';
import type { ControllerRevision } from '../index.js';

/** Behaves as kubernetes pkg/apis/apps/validation ValidateControllerRevision. */
export function validateControllerRevision(revision: ControllerRevision): FieldError[] {
  const missing = revision.data === undefined || revision.data === null;
  return [
    ...validateMeta(revision, true),
    ...(missing ? [required(fieldPath('data'), 'data is mandatory')] : []),
    ...validateNonNegative(revision.revision, fieldPath('revision')),
  ];
}

export function validateControllerRevisionUpdate(next: ControllerRevision, old: ControllerRevision): FieldError[] {
  return validateImmutable(next.data, old.data, fieldPath('data'));
}
