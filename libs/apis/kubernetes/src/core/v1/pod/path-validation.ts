import { type FieldError, type FieldPath, invalid } from '@binnacle/machinery-validation';

/** No `..` between slashes, so that a path stays below where it starts. */
export function validateNoBacksteps(target: string, path: FieldPath): FieldError[] {
  return target.split('/').includes('..') ? [invalid(path, target, "must not contain '..'")] : [];
}

export function validateDescendingPath(target: string, path: FieldPath): FieldError[] {
  const absolute = target.startsWith('/') ? [invalid(path, target, 'must be a relative path')] : [];
  return [...absolute, ...validateNoBacksteps(target, path)];
}

/** A path for a projected file: names beginning with `..` are the kubelet's own. */
export function validateProjectedPath(target: string, path: FieldPath): FieldError[] {
  const errors = validateDescendingPath(target, path);
  const reserved = target.startsWith('..') && !target.startsWith('../');
  return reserved && target !== '..' ? [...errors, invalid(path, target, "must not start with '..'")] : errors;
}
