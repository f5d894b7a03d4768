import type { DeleteOptions } from '@binnacle/machinery-meta';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error.js';
import { validateFieldManager } from './object-meta.js';
import { type FieldPath, fieldPath } from './path.js';

/** The query parameters of a write. */
export interface WriteOptions {
  readonly dryRun?: readonly string[];
  readonly fieldManager?: string;
  readonly fieldValidation?: string;
  readonly force?: boolean;
}

const PROPAGATION = ['Foreground', 'Background', 'Orphan'];

export function validateDryRun(dryRun: readonly string[] = [], path: FieldPath): FieldError[] {
  return dryRun.every((value) => value === 'All') ? [] : [notSupported(path, dryRun, ['All'])];
}

export function validateFieldValidation(value = '', path: FieldPath): FieldError[] {
  const known = ['', 'Ignore', 'Strict', 'Warn'];
  return known.includes(value) ? [] : [notSupported(path, value, known)];
}

/** Options of create and update. */
export function validateWriteOptions(options: WriteOptions): FieldError[] {
  return [
    ...validateFieldManager(options.fieldManager, fieldPath('fieldManager')),
    ...validateDryRun(options.dryRun, fieldPath('dryRun')),
    ...validateFieldValidation(options.fieldValidation, fieldPath('fieldValidation')),
  ];
}

export function validatePatchOptions(options: WriteOptions, isApply: boolean): FieldError[] {
  const errors = validateWriteOptions(options);
  if (isApply && !options.fieldManager)
    errors.unshift(required(fieldPath('fieldManager'), 'is required for apply patch'));
  if (!isApply && options.force !== undefined) {
    errors.unshift(forbidden(fieldPath('force'), 'may not be specified for non-apply patch'));
  }
  return errors;
}

export function validateDeleteOptions(options: DeleteOptions): FieldError[] {
  const path = fieldPath('propagationPolicy');
  const errors: FieldError[] = [];
  const policy = options.propagationPolicy;
  if (options.orphanDependents !== undefined && policy !== undefined) {
    errors.push(invalid(path, policy, 'orphanDependents and deletionPropagation cannot be both set'));
  }
  if (policy !== undefined && !PROPAGATION.includes(policy)) {
    errors.push(notSupported(path, policy, [...PROPAGATION, 'nil']));
  }
  return [...errors, ...validateDryRun(options.dryRun, fieldPath('dryRun'))];
}
