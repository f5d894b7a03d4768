import { type FieldError, type FieldPath, invalid, required } from '@binnacle/machinery-validation';
import type { CustomResourceColumnDefinition, CustomResourceSubresources } from './types.js';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function validateJsonPath(text: string, path: FieldPath): FieldError[] {
  if (text.startsWith('.')) return [];
  return [invalid(path, text, 'must be a simple json path starting with .')];
}

export function validateColumn(column: CustomResourceColumnDefinition, path: FieldPath): FieldError[] {
  const { name, type, format, jsonPath } = column;
  const errors = name ? [] : [required(path.child('name'))];
  const types = `must be one of ${COLUMN_TYPES.join(',')}`;
  if (!type) errors.push(required(path.child('type'), types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(path.child('type'), type, types));
  if (format && !COLUMN_FORMATS.includes(format)) {
    errors.push(invalid(path.child('format'), format, `must be one of ${COLUMN_FORMATS.join(',')}`));
  }
  const at = path.child('JSONPath');
  return [...errors, ...(jsonPath ? validateJsonPath(jsonPath, at) : [required(at)])];
}

function validateReplicasPath(text: string | undefined, under: string, path: FieldPath): FieldError[] {
  if (!text) return [required(path)];
  const errors = validateJsonPath(text, path);
  if (errors.length > 0 || text.startsWith(`.${under}.`)) return errors;
  return [invalid(path, text, `should be a json path under .${under}`)];
}

function validateSelectorPath(text: string | undefined, path: FieldPath): FieldError[] {
  if (!text) return [];
  const errors = validateJsonPath(text, path);
  if (errors.length > 0 || text.startsWith('.spec.') || text.startsWith('.status.')) return errors;
  return [invalid(path, text, 'should be a json path under either .spec or .status')];
}

export function validateSubresources(
  subresources: CustomResourceSubresources | undefined,
  path: FieldPath,
): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  return [
    ...validateReplicasPath(scale.specReplicasPath, 'spec', path.child('scale.specReplicasPath')),
    ...validateReplicasPath(scale.statusReplicasPath, 'status', path.child('scale.statusReplicasPath')),
    ...validateSelectorPath(scale.labelSelectorPath, path.child('scale.labelSelectorPath')),
  ];
}
