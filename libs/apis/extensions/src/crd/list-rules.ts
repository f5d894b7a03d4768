import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { itemsOf, propertyOf } from '../schema/children.js';
import { isSet } from '../schema/set.js';
import { type JsonSchema, LIST_KEYS, LIST_TYPE, MAP_TYPE } from '../schema/types.js';

function mustBe(type: string, schema: JsonSchema, extension: string, path: FieldPath): FieldError {
  const why = `must be ${type} if ${extension} is specified`;
  return schema.type ? invalid(path.child('type'), schema.type, why) : required(path.child('type'), why);
}

function validateMapType(schema: JsonSchema, path: FieldPath): FieldError[] {
  const type = schema[MAP_TYPE];
  if (type === undefined) return [];
  const errors = schema.type === 'object' ? [] : [mustBe('object', schema, MAP_TYPE, path)];
  if (type === 'atomic' || type === 'granular') return errors;
  return [...errors, notSupported(path.child(MAP_TYPE), type, ['atomic', 'granular'])];
}

/** The elements of a set must be told as a whole. */
export function isOfWholeElements(schema: JsonSchema): boolean {
  return schema[LIST_TYPE] !== 'set' || validateSetItems(schema, undefined).length === 0;
}

function validateSetItems(schema: JsonSchema, path: FieldPath | undefined): FieldError[] {
  const items = itemsOf(schema);
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const at = (name: string): FieldPath | string => path?.child('items').child(name) ?? '';
  const listType = items?.[LIST_TYPE] ?? null;
  if (items?.type === 'array' && listType !== null && listType !== 'atomic')
    return [invalid(at(LIST_TYPE), listType, why)];
  if (items?.type === 'object' && items[MAP_TYPE] !== 'atomic') return [invalid(at(MAP_TYPE), listType, why)];
  return [];
}

function validateListType(schema: JsonSchema, path: FieldPath, requireAtomicSets: boolean): FieldError[] {
  const type = schema[LIST_TYPE];
  if (type === undefined) return [];
  const errors: FieldError[] = [];
  if (schema.type !== 'array') errors.push(mustBe('array', schema, LIST_TYPE, path));
  else if (requireAtomicSets && type === 'set') errors.push(...validateSetItems(schema, path));
  if (!['atomic', 'set', 'map'].includes(type)) {
    errors.push(notSupported(path.child(LIST_TYPE), type, ['atomic', 'set', 'map']));
  }
  return errors;
}

function validateKeys(schema: JsonSchema, path: FieldPath): FieldError[] {
  if (!isSet(schema[LIST_KEYS]) || schema[LIST_TYPE] === 'map') return [];
  const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
  const at = path.child(LIST_TYPE);
  return [schema[LIST_TYPE] === undefined ? required(at, why) : invalid(at, schema[LIST_TYPE], why)];
}

function validateKey(keys: readonly string[], items: JsonSchema, key: string, path: FieldPath): FieldError[] {
  const property = propertyOf(items, key);
  const errors: FieldError[] = [];
  if (!property) errors.push(invalid(path.child(LIST_KEYS), keys, 'entries must all be names of item properties'));
  else if (property.type === 'array' || property.type === 'object') {
    const why = "must be a scalar type if parent array's x-kubernetes-list-type is map";
    errors.push(invalid(path.child('items').child('properties').key(key).child('type'), items.type, why));
  }
  return errors;
}

/** Every key is a property of the items, and none is there twice. */
function validateKeysOf(schema: JsonSchema, items: JsonSchema, path: FieldPath): FieldError[] {
  const keys = schema[LIST_KEYS] ?? [];
  const seen = new Set<string>();
  return keys.flatMap((key) => {
    const errors = validateKey(keys, items, key, path);
    if (seen.has(key)) errors.push(invalid(path.child(LIST_KEYS), keys, 'must not contain duplicate entries'));
    seen.add(key);
    return errors;
  });
}

function validateMapItems(schema: JsonSchema, path: FieldPath): FieldError[] {
  const at = path.child('items');
  const items = itemsOf(schema);
  if (schema.items === undefined) return [required(at, 'must have a schema if x-kubernetes-list-type is map')];
  if (!items) return [invalid(at, schema.items, 'must only have a single schema if x-kubernetes-list-type is map')];
  if (items.type !== 'object') {
    const why = "must be object if parent array's x-kubernetes-list-type is map";
    return [invalid(at.child('type'), items.type ?? '', why)];
  }
  return validateKeysOf(schema, items, path);
}

function validateMapList(schema: JsonSchema, path: FieldPath): FieldError[] {
  if (schema[LIST_TYPE] !== 'map') return [];
  const why = 'must not be empty if x-kubernetes-list-type is map';
  const keys = isSet(schema[LIST_KEYS]) ? [] : [required(path.child(LIST_KEYS), why)];
  return [...keys, ...validateMapItems(schema, path)];
}

/** Lists that are sets or maps and maps: what their extensions ask of the schema around them. */
export function validateTopology(schema: JsonSchema, path: FieldPath, requireAtomicSets: boolean): FieldError[] {
  return [
    ...validateMapType(schema, path),
    ...validateListType(schema, path, requireAtomicSets),
    ...validateKeys(schema, path),
    ...validateMapList(schema, path),
  ];
}

function validateKeyProperty(
  items: JsonSchema,
  needed: ReadonlySet<string>,
  key: string,
  path: FieldPath,
): FieldError[] {
  const property = propertyOf(items, key);
  if (!property) return [];
  const at = path.child('items').child('properties').key(key);
  const errors: FieldError[] = [];
  const isThere = needed.has(key) || (property.default !== undefined && property.default !== null);
  if (!isThere) {
    const why = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
    errors.push(required(at.child('default'), why));
  }
  if (property.nullable) {
    const why = 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable';
    errors.push(forbidden(at.child('nullable'), why));
  }
  return errors;
}

/** Elements of sets and maps must be there, and keys of maps too. */
export function validateElements(schema: JsonSchema, path: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  const type = schema[LIST_TYPE];
  if (!items || (type !== 'set' && type !== 'map')) return [];
  const why = `cannot be nullable when x-kubernetes-list-type is ${type}`;
  const nullable = items.nullable ? [forbidden(path.child('items').child('nullable'), why)] : [];
  if (type === 'set') return nullable;
  const needed = new Set(items.required);
  return [...nullable, ...(schema[LIST_KEYS] ?? []).flatMap((key) => validateKeyProperty(items, needed, key, path))];
}
