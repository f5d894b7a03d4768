import { cloneJson, isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { type FieldError, type FieldPath, fieldPath, invalid } from '@binnacle/machinery-validation';
import { coerceObjects, validateObjects } from '../objects/embedded.js';
import type { MetadataReader } from '../objects/object-meta.js';
import { asResource, META_FIELDS } from '../objects/prune.js';
import { sortedKeys } from '../objects/canonical.js';
import { itemsOf, propertiesOf } from '../schema/children.js';
import { EMBEDDED, type JsonSchema } from '../schema/types.js';
import { validateValue } from '../values/validate.js';
import { isUnpruned } from './unpruned-defaults.js';

/** Judges a default by the validation rules of its schema; undefined where none are compiled. */
export type RuleJudge = (value: unknown, schema: JsonSchema, isResource: boolean, path: FieldPath) => FieldError[];

export interface DefaultChecks {
  readonly reader: MetadataReader;
  readonly requirePruned: boolean;
  readonly judge?: RuleJudge;
}

/** Where a schema stands inside the nearest whole object. */
interface Place {
  readonly whole: JsonSchema;
  readonly insideMeta: boolean;
  /** The whole object with that value in this place. */
  readonly around: (value: unknown) => JsonObject;
}

const ROOT = fieldPath('');
const TYPE_META = { apiVersion: 'validation/v1', kind: 'Validation' };

function validateMetaDefault(
  schema: JsonSchema,
  { whole, around }: Place,
  path: FieldPath,
  checks: DefaultChecks,
): FieldError[] {
  const value = schema.default;
  const object = around(cloneJson(value));
  const { fault } = coerceObjects(object, asResource(whole), ROOT, { reader: checks.reader, lenient: false });
  const faults = fault ? [fault] : validateObjects(object, asResource(whole), ROOT, checks.reader);
  const [first] = faults;
  if (!first) return validateValue(value, schema, path);
  const texts = faults.map(({ field, message }) => `${field}: ${message}`);
  const text = texts.length > 1 && !fault ? `[${texts.join(', ')}]` : texts[0];
  return [invalid(path, sortedKeys(value), `must result in valid metadata: ${text}`)];
}

function validatePlainDefault(schema: JsonSchema, path: FieldPath, checks: DefaultChecks): FieldError[] {
  const isWhole = schema[EMBEDDED] ?? false;
  const value = cloneJson(schema.default);
  const unpruned = checks.requirePruned && isUnpruned(schema);
  const errors = unpruned ? [invalid(path, sortedKeys(schema.default), 'must not have unknown fields')] : [];
  const shape = isWhole ? asResource(schema) : schema;
  const { fault } = coerceObjects(value, shape, path, { reader: checks.reader, lenient: false });
  const faults = fault ? [fault] : validateObjects(value, shape, path, checks.reader);
  return [...errors, ...(faults.length > 0 ? faults : validateValue(value, schema, path))];
}

function validateOwn(schema: JsonSchema, place: Place, path: FieldPath, checks: DefaultChecks): FieldError[] {
  if (schema.default === undefined || schema.default === null) return [];
  const at = path.child('default');
  const errors = place.insideMeta
    ? validateMetaDefault(schema, place, at, checks)
    : validatePlainDefault(schema, at, checks);
  const isWhole = schema === place.whole;
  return errors.length > 0 ? errors : (checks.judge?.(schema.default, schema, isWhole, at) ?? []);
}

function within(place: Place, wrap: (value: unknown) => unknown): Place['around'] {
  return (value) => place.around(wrap(value));
}

function validateBelow(schema: JsonSchema, outer: Place, path: FieldPath, checks: DefaultChecks): FieldError[] {
  const place = schema[EMBEDDED] ? wholePlace(schema) : outer;
  const items = itemsOf(schema);
  const inItems = items
    ? validateBelow(items, { ...place, around: within(place, (value) => [value]) }, path.child('items'), checks)
    : [];
  const inProperties = propertiesOf(schema).flatMap(([name, property]) => {
    const insideMeta = place.insideMeta || (schema[EMBEDDED] === true && META_FIELDS.has(name));
    const around = within(place, (value) => ({ [name]: value }));
    return validateBelow(property, { ...place, insideMeta, around }, path.child('properties').key(name), checks);
  });
  return [...validateOwn(schema, place, path, checks), ...inItems, ...inProperties];
}

function wholePlace(whole: JsonSchema): Place {
  const around = (value: unknown): JsonObject => ({ ...TYPE_META, ...(isJsonObject(value) ? value : {}) });
  return { whole, insideMeta: false, around };
}

/**
 * Whether every default of a structural schema is a value of its own schema, and of metadata leads to good metadata.
 * Behaves as kubernetes apiextensions-apiserver pkg/apiserver/schema/defaulting ValidateDefaults.
 */
export function validateDefaults(schema: JsonSchema, path: FieldPath, checks: DefaultChecks): FieldError[] {
  const root = asResource(schema);
  return validateBelow(root, wholePlace(root), path, checks);
}
