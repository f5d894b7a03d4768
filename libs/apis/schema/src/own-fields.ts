import type { FieldSchema, FieldType } from './types.js';

/**
 * Fields of a structure of our own, by what they hold: a name with a question mark may be absent. `values` are those that a
 * field may have, where they are few.
 */
export function ownFields(
  types: Readonly<Record<string, FieldType>>,
  values: Readonly<Record<string, readonly string[]>> = {},
): ReadonlyMap<string, FieldSchema> {
  const fields = Object.entries(types).map(([key, type]): [string, FieldSchema] => {
    const name = key.replace('?', '');
    const few = values[name];
    return [name, { name, type, required: name === key, omitsEmpty: false, ...(few && { values: few }) }];
  });
  return new Map(fields);
}
