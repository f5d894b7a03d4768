import {
  type FieldError,
  type FieldPath,
  invalidEach,
  isDns1123Subdomain,
  required,
  tooLong,
} from '@binnacle/machinery-validation';

const MAX_DRIVER_NAME = 63;

/** Behaves as kubernetes pkg/apis/core/validation ValidateCSIDriverName. */
export function validateDriverName(name: string | undefined, path: FieldPath): FieldError[] {
  if (!name) return [required(path)];
  const long = name.length > MAX_DRIVER_NAME ? [tooLong(path, MAX_DRIVER_NAME)] : [];
  return [...long, ...invalidEach(path, name, isDns1123Subdomain(name.toLowerCase()))];
}
