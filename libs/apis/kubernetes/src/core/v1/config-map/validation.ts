import {
  type FieldError,
  fieldPath,
  invalid,
  invalidEach,
  isConfigMapKey,
  tooLong,
} from '@binnacle/machinery-validation';
import {
  base64Bytes,
  MAX_DATA_BYTES,
  utf8Bytes,
  validateFrozen,
  eachEntry,
  validateMeta,
} from '@binnacle/apis-registry';
import type { ConfigMap } from '../index.js';

function sizeOf({ data = {}, binaryData = {} }: ConfigMap): number {
  const text = Object.values(data).reduce((sum, value) => sum + utf8Bytes(value), 0);
  return Object.values(binaryData).reduce((sum, value) => sum + base64Bytes(value), text);
}

/** Behaves as kubernetes ValidateConfigMap. */
export function validateConfigMap(map: ConfigMap): FieldError[] {
  const { data, binaryData } = map;
  const duplicate = 'duplicate of key present in binaryData';
  return [
    ...validateMeta(map, true),
    ...eachEntry(data, fieldPath('data'), (key, _value, at) => [
      ...invalidEach(at, key, isConfigMapKey(key)),
      ...(binaryData && Object.hasOwn(binaryData, key) ? [invalid(at, key, duplicate)] : []),
    ]),
    ...eachEntry(binaryData, fieldPath('binaryData'), (key, _value, at) => invalidEach(at, key, isConfigMapKey(key))),
    ...(sizeOf(map) > MAX_DATA_BYTES ? [tooLong('', MAX_DATA_BYTES)] : []),
  ];
}

export function validateConfigMapUpdate(next: ConfigMap, old: ConfigMap): FieldError[] {
  return validateFrozen(next, old, ['data', 'binaryData']);
}
