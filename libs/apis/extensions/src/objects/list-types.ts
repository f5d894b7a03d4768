import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { duplicate, type FieldError, type FieldPath, invalid } from '@binnacle/machinery-validation';
import { itemsOf, propertyOf, somewhere, valuesOf } from '../schema/children.js';
import { type JsonSchema, LIST_KEYS, LIST_TYPE } from '../schema/types.js';
import { canonicalText, sortedKeys } from './canonical.js';

/** Positions of each value's second appearance; later ones are not told again. */
function repeatedAt(values: readonly unknown[]): number[] {
  const seen = new Map<string, number>();
  return values.flatMap((value, index) => {
    const text = canonicalText(value);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    return times === 1 ? [index] : [];
  });
}

const keyOf = (item: JsonObject | null, keys: readonly string[]): JsonObject =>
  Object.fromEntries(keys.filter((key) => item && Object.hasOwn(item, key)).map((key) => [key, item?.[key]]));

function validateMapList(list: readonly unknown[], keys: readonly string[], path: FieldPath): FieldError[] {
  const stranger = list.findIndex((item) => item !== null && !isJsonObject(item));
  if (stranger >= 0) {
    const why = 'must be an object for an array of list-type map';
    return [invalid(path.index(stranger), sortedKeys(list[stranger]), why)];
  }
  const values = list.map((item) => keyOf(item as JsonObject | null, keys));
  return repeatedAt(values).map((index) => duplicate(path.index(index), sortedKeys(values[index])));
}

function validateOwn(list: readonly unknown[], schema: JsonSchema, path: FieldPath): FieldError[] {
  if (schema[LIST_TYPE] === 'map') return validateMapList(list, schema[LIST_KEYS] ?? [], path);
  if (schema[LIST_TYPE] !== 'set') return [];
  return repeatedAt(list).map((index) => duplicate(path.index(index), sortedKeys(list[index])));
}

function validateValue(value: unknown, schema: JsonSchema, path: FieldPath): FieldError[] {
  if (isJsonObject(value)) return validateMembers(value, schema, path);
  if (!Array.isArray(value)) return [];
  const items = itemsOf(schema);
  const below = items ? value.flatMap((item, index) => validateValue(item, items, path.index(index))) : [];
  return [...validateOwn(value, schema, path), ...below];
}

function validateMembers(object: JsonObject, schema: JsonSchema, path: FieldPath): FieldError[] {
  const values = valuesOf(schema);
  return Object.entries(object).flatMap(([name, value]) => {
    const property = propertyOf(schema, name);
    return [
      ...(values ? validateValue(value, values, path.key(name)) : []),
      ...(property ? validateValue(value, property, path.child(name)) : []),
    ];
  });
}

/** Whether a set or map stands anywhere in the structure; most schemas have few. */
const hasListTypes = somewhere((schema) => schema[LIST_TYPE] === 'set' || schema[LIST_TYPE] === 'map');

/**
 * Whether lists that are sets or maps hold nothing twice. Behaves as kubernetes apiextensions-apiserver
 * pkg/apiserver/schema/listtype.
 */
export function validateListTypes(object: JsonObject, schema: JsonSchema, path: FieldPath): FieldError[] {
  return hasListTypes(schema) ? validateMembers(object, schema, path) : [];
}
