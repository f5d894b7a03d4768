import { ownFields } from './own-fields.js';
import type { DefinitionSchema, FieldType } from './types.js';

/** What fields of structures of our own hold. */
export const text: FieldType = { kind: 'scalar', scalar: 'string' };
export const time: FieldType = { kind: 'scalar', scalar: 'time' };
export const number: FieldType = { kind: 'scalar', scalar: 'int64' };
export const flag: FieldType = { kind: 'scalar', scalar: 'bool' };
export const quantity: FieldType = { kind: 'scalar', scalar: 'quantity' };
export const object = (name: string): FieldType => ({ kind: 'object', name });
export const listOf = (of: FieldType): FieldType => ({ kind: 'list', of, wrapped: false });

/** Makes structures of our own, of which a field of a name that is in `values` has one of those. */
export const structuresWith =
  (values: Readonly<Record<string, readonly string[]>> = {}) =>
  (name: string, types: Readonly<Record<string, FieldType>>): DefinitionSchema => ({
    name,
    freeForm: false,
    fields: ownFields(types, values),
  });
