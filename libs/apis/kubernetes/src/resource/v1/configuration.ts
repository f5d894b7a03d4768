import { type FieldError, type FieldPath, invalid, required, tooLong } from '@binnacle/machinery-validation';
import { utf8Bytes } from '@binnacle/apis-registry';
import { validateDriverName } from '../../core/v1/csi-driver-name.js';
import type { OpaqueDeviceConfiguration } from './index.js';

export const MOST_CONFIGURATIONS = 32;
const MAX_BYTES = 10 * 1024;

/** JSON that means something to a driver only: an object that is not too large. */
export function validateRawObject(value: unknown, path: FieldPath): FieldError[] {
  if (value === undefined || value === null) return [required(path)];
  if (utf8Bytes(JSON.stringify(value)) > MAX_BYTES) return [tooLong(path, MAX_BYTES)];
  const isObject = typeof value === 'object' && !Array.isArray(value);
  return isObject ? [] : [invalid(path, '<value omitted>', 'must be a valid JSON object')];
}

interface WithOpaque {
  readonly opaque?: OpaqueDeviceConfiguration;
}

/** What a driver is told of its devices. */
export function validateConfiguration({ opaque }: WithOpaque, path: FieldPath): FieldError[] {
  const at = path.child('opaque');
  if (!opaque) return [required(at)];
  return [
    ...validateDriverName(opaque.driver, at.child('driver')),
    ...validateRawObject(opaque.parameters, at.child('parameters')),
  ];
}
