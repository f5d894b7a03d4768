import { duplicate, type FieldError, type FieldPath, invalid, required, tooMany } from '@binnacle/machinery-validation';
import { findField } from '../schema/field-path.js';
import type { JsonSchema } from '../schema/types.js';
import type { SelectableField } from './types.js';

export const MAX_SELECTABLE_FIELDS = 8;
const SELECTABLE = ['string', 'boolean', 'integer'];

function validateField(jsonPath: string, schema: JsonSchema, seen: Set<string>, path: FieldPath): FieldError[] {
  const found = findField(jsonPath, schema, false);
  if ('problem' in found) return [invalid(path, jsonPath, `is an invalid path: ${found.problem}`)];
  const errors: FieldError[] = [];
  if (found.names[0] === 'metadata') errors.push(invalid(path, jsonPath, 'must not point to fields in metadata'));
  if (!SELECTABLE.includes(found.schema?.type ?? '')) {
    const kinds = 'must point to a field of type string, boolean or integer.';
    errors.push(invalid(path, jsonPath, `${kinds} Enum string fields and strings with formats are allowed.`));
  }
  if (seen.has(String(found.path))) errors.push(duplicate(path, jsonPath));
  seen.add(String(found.path));
  return errors;
}

export function validateSelectableFields(
  fields: readonly SelectableField[],
  schema: JsonSchema,
  path: FieldPath,
  allowTooMany: boolean,
): FieldError[] {
  const seen = new Set<string>();
  const errors = fields.flatMap(({ jsonPath }, index) => {
    const at = path.index(index).child('jsonPath');
    return jsonPath ? validateField(jsonPath, schema, seen, at) : [required(at)];
  });
  if (seen.size <= MAX_SELECTABLE_FIELDS || allowTooMany) return errors;
  return [...errors, tooMany(path, seen.size, MAX_SELECTABLE_FIELDS)];
}
