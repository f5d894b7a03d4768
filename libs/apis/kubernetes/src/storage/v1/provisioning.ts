import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isQualifiedName,
  required,
  tooLong,
} from '@binnacle/machinery-validation';
import { utf8Bytes } from '@binnacle/apis-registry';

const MAX_PARAMETERS = 512;
const MAX_PARAMETER_BYTES = 256 * 1024;

/** Bytes of all keys and values. */
export function bytesOf(record: Readonly<Record<string, string>>): number {
  return Object.entries(record).reduce((sum, [key, value]) => sum + utf8Bytes(key) + utf8Bytes(value), 0);
}

/** Who makes the volumes of a class. */
export function validateProvisioner(name: string | undefined, path: FieldPath): FieldError[] {
  return name ? invalidEach(path, name.toLowerCase(), isQualifiedName(name.toLowerCase())) : [required(path)];
}

/** What is handed to whoever makes the volumes. */
export function validateParameters(parameters: Readonly<Record<string, string>>, path: FieldPath): FieldError[] {
  const keys = Object.keys(parameters);
  if (keys.length > MAX_PARAMETERS) return [tooLong(path, MAX_PARAMETERS)];
  return [
    ...keys.filter((key) => key === '').map((key) => invalid(path, key, 'field can not be empty.')),
    ...(bytesOf(parameters) > MAX_PARAMETER_BYTES ? [tooLong(path, MAX_PARAMETER_BYTES)] : []),
  ];
}
