import { BadValue } from '@binnacle/apis-schema';
import type { ObjectMeta } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import {
  type FieldError,
  type FieldPath,
  invalid,
  isDns1035Label,
  nameIsPathSegment,
  required,
  validateObjectMeta,
} from '@binnacle/machinery-validation';
import { itemsOf, memberOf, propertyOf, somewhere } from '../schema/children.js';
import { EMBEDDED, type JsonSchema } from '../schema/types.js';
import { type MetadataReader, readLeniently } from './object-meta.js';

/** Whether whole objects stand anywhere in the structure; mostly none do but the root. */
const embeds = somewhere((schema) => schema[EMBEDDED] === true);

interface Coercion {
  readonly reader: MetadataReader;
  /** Leaves out what has the wrong type instead of refusing it, as what is read from storage needs. */
  readonly lenient: boolean;
  readonly unknownFields: string[];
}

/** Thrown for a member of a whole object that has the wrong type. */
class Refused extends Error {
  constructor(readonly fault: FieldError) {
    super(fault.message);
  }
}

function coerceTypeMeta(object: JsonObject, path: FieldPath, { lenient }: Coercion): void {
  for (const name of ['apiVersion', 'kind']) {
    const value = object[name];
    if (value === undefined || typeof value === 'string') continue;
    if (!lenient) throw new Refused(invalid(path.child(name), value, 'must be a string'));
    delete object[name];
  }
}

function coerceMetadata(object: JsonObject, path: FieldPath, { reader, lenient, unknownFields }: Coercion): void {
  if (!Object.hasOwn(object, 'metadata')) return;
  const at = path.child('metadata');
  if (lenient && !isJsonObject(object.metadata)) return;
  try {
    const read = lenient ? readLeniently(reader, object.metadata) : reader.read(object.metadata ?? {});
    object.metadata = read.object;
    unknownFields.push(...read.unknownFields.map((field) => `${at}.${field}`));
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw new Refused(invalid(at, object.metadata, error.message));
  }
}

function coerceValue(value: unknown, schema: JsonSchema | undefined, path: FieldPath, how: Coercion): void {
  if (!schema || !embeds(schema)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) coerceValue(item, itemsOf(schema), path.index(index), how);
  }
  if (!isJsonObject(value)) return;
  if (schema[EMBEDDED]) {
    coerceTypeMeta(value, path, how);
    coerceMetadata(value, path, how);
  }
  for (const [name, member] of Object.entries(value)) {
    const at = propertyOf(schema, name) ? path.child(name) : path.key(name);
    coerceValue(member, memberOf(schema, name), at, how);
  }
}

export interface Coerced {
  /** What had the wrong type, where that is refused. */
  readonly fault?: FieldError;
  /** Paths of members of metadata that are no such. */
  readonly unknownFields: readonly string[];
}

/**
 * Brings apiVersion, kind and metadata of whole objects into the shape every object has, in place. Behaves as kubernetes
 * apiextensions-apiserver pkg/apiserver/schema/objectmeta Coerce.
 */
export function coerceObjects(
  value: unknown,
  schema: JsonSchema | undefined,
  path: FieldPath,
  options: { readonly reader: MetadataReader; readonly lenient: boolean },
): Coerced {
  const unknownFields: string[] = [];
  try {
    coerceValue(value, schema, path, { ...options, unknownFields });
    return { unknownFields: unknownFields.sort() };
  } catch (error) {
    if (error instanceof Refused) return { fault: error.fault, unknownFields };
    throw error;
  }
}

function validateApiVersion(value: unknown, path: FieldPath): FieldError[] {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')];
  if (value === '') return [invalid(path, value, 'must not be empty')];
  const isGood = value === '/' || value.split('/').length <= 2;
  return isGood ? [] : [invalid(path, value, `unexpected GroupVersion string: ${value}`)];
}

function validateKind(value: unknown, path: FieldPath): FieldError[] {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')];
  if (value === '') return [invalid(path, value, 'must not be empty')];
  const complaints = isDns1035Label(value.toLowerCase());
  if (complaints.length === 0) return [];
  return [invalid(path, value, `may have mixed case, but should otherwise match: ${complaints.join(',')}`)];
}

function validateMetadata(value: unknown, path: FieldPath, reader: MetadataReader): FieldError[] {
  try {
    const metadata = reader.read(value ?? {}).object as ObjectMeta;
    const named = { ...metadata, name: metadata.name || 'fakename' };
    return validateObjectMeta(named, Boolean(metadata.namespace), nameIsPathSegment, path);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    return [invalid(path, value, error.message)];
  }
}

function validateWhole(object: JsonObject, path: FieldPath, reader: MetadataReader): FieldError[] {
  const has = (name: string): boolean => Object.hasOwn(object, name);
  return [
    ...['apiVersion', 'kind'].filter((name) => !has(name)).map((name) => required(path.child(name))),
    ...(has('apiVersion') ? validateApiVersion(object.apiVersion, path.child('apiVersion')) : []),
    ...(has('kind') ? validateKind(object.kind, path.child('kind')) : []),
    ...(has('metadata') ? validateMetadata(object.metadata, path.child('metadata'), reader) : []),
  ];
}

/** Whether whole objects inside a value are such: apiVersion, kind and metadata must be good. */
export function validateObjects(
  value: unknown,
  schema: JsonSchema | undefined,
  path: FieldPath,
  reader: MetadataReader,
): FieldError[] {
  if (!schema || !embeds(schema)) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => validateObjects(item, itemsOf(schema), path.index(index), reader));
  }
  if (!isJsonObject(value)) return [];
  const own = schema[EMBEDDED] ? validateWhole(value, path, reader) : [];
  const below = Object.entries(value).flatMap(([name, member]) => {
    const at = propertyOf(schema, name) ? path.child(name) : path.key(name);
    return validateObjects(member, memberOf(schema, name), at, reader);
  });
  return [...own, ...below];
}
