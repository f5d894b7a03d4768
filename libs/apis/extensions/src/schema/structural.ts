import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  required,
} from '@binnacle/machinery-validation';
import { itemsOf, propertiesOf, propertyOf, valuesOf } from './children.js';
import { validateCompleteness } from './completeness.js';
import { isIntOrStringPattern, validateClause, validateClauses } from './clauses.js';
import { isSet } from './set.js';
import { EMBEDDED, INT_OR_STRING, type JsonSchema, PRESERVE } from './types.js';
import { unsupportedConstruct } from './unsupported.js';

type Level = 'root' | 'item' | 'field';

const MISSING_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function validateType(schema: JsonSchema, level: Level, path: FieldPath): FieldError[] {
  const at = path.child('type');
  const { type } = schema;
  if (schema[EMBEDDED] && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    return [type ? invalid(at, type, why) : required(at, why)];
  }
  if (type || schema[INT_OR_STRING] || schema[PRESERVE]) return [];
  return [required(at, MISSING_TYPE[level])];
}

function validateRootType({ type }: JsonSchema, level: Level, path: FieldPath): FieldError[] {
  if (level !== 'root' || !type || type === 'object') return [];
  return [invalid(path.child('type'), type, 'must be object at the root')];
}

function validateExtensions(schema: JsonSchema, path: FieldPath): FieldError[] {
  if (!schema[INT_OR_STRING]) return [];
  return ([PRESERVE, EMBEDDED] as const)
    .filter((name) => schema[name])
    .map((name) => invalid(path.child(name), true, 'must be false if x-kubernetes-int-or-string is true'));
}

function validateEmbedded(schema: JsonSchema, path: FieldPath): FieldError[] {
  if (!schema[EMBEDDED]) return [];
  const errors: FieldError[] = [];
  if (schema.additionalProperties !== undefined) {
    const why = 'must not be used if x-kubernetes-embedded-resource is set';
    errors.push(forbidden(path.child('additionalProperties'), why));
  }
  if (!schema[PRESERVE] && propertiesOf(schema).length === 0) {
    const why =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(path.child('properties'), why));
  }
  return errors;
}

function validateTypeMeta(schema: JsonSchema, path: FieldPath): FieldError[] {
  return ['kind', 'apiVersion'].flatMap((name) => {
    const property = propertyOf(schema, name);
    if (!property || property.type === 'string') return [];
    return [invalid(path.child('properties').key(name).child('type'), property.type ?? '', 'must be string')];
  });
}

/** Of the root's metadata only the two names may be said, and nothing about it but type and default. */
function saysTooMuch({ type: _type, default: _default, properties, ...rest }: JsonSchema): boolean {
  const names = Object.keys(properties ?? {});
  return (
    !names.every((name) => name === 'name' || name === 'generateName') ||
    Object.values(rest).some((value) => isSet(value))
  );
}

function validateMetadata(schema: JsonSchema, level: Level, path: FieldPath): FieldError[] {
  const metadata = propertyOf(schema, 'metadata');
  if (!metadata) return [];
  const at = path.child('properties').key('metadata');
  const typed = level !== 'root' && !schema[EMBEDDED] ? true : metadata.type === 'object';
  const errors = typed ? [] : [invalid(at.child('type'), metadata.type ?? '', 'must be object')];
  if (level !== 'root' || !saysTooMuch(metadata)) return errors;
  const why = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
  return [...errors, forbidden(at, why)];
}

function validateBelow(schema: JsonSchema, level: Level, path: FieldPath): FieldError[] {
  const [items, values] = [itemsOf(schema), valuesOf(schema)];
  const errors: FieldError[] = [];
  if (schema.type === 'array' && !items) errors.push(required(path.child('items'), 'must be specified'));
  if (items) errors.push(...validateInvariants(items, 'item', path.child('items')));
  for (const [name, property] of propertiesOf(schema)) {
    errors.push(...validateInvariants(property, 'field', path.child('properties').key(name)));
  }
  if (schema.additionalProperties !== undefined && level === 'root') {
    errors.push(forbidden(path.child('additionalProperties'), 'must not be used at the root'));
  }
  if (values) errors.push(...validateInvariants(values, 'field', path.child('additionalProperties')));
  return errors;
}

function validateInvariants(schema: JsonSchema, level: Level, path: FieldPath): FieldError[] {
  const describesResource = level === 'root' || schema[EMBEDDED] === true;
  return [
    ...validateBelow(schema, level, path),
    ...validateExtensions(schema, path),
    ...validateClauses(schema, isIntOrStringPattern(schema), path),
    ...validateClause(schema.not, path.child('not')),
    ...validateType(schema, level, path),
    ...validateRootType(schema, level, path),
    ...(describesResource ? validateTypeMeta(schema, path) : []),
    ...validateMetadata(schema, level, path),
    ...validateEmbedded(schema, path),
  ];
}

const textOf = ({ field, message }: FieldError): string => `${field}: ${message}`;

/**
 * What keeps a schema, of which `unsupportedConstruct` finds nothing, from being structural; sorted by text.
 * Behaves as kubernetes apiextensions-apiserver pkg/apiserver/schema ValidateStructural.
 */
export function validateStructural(schema: JsonSchema, path: FieldPath): FieldError[] {
  const errors = [...validateInvariants(schema, 'root', path), ...validateCompleteness(schema, path)];
  return errors.sort((left, right) => (textOf(left) < textOf(right) ? -1 : 1));
}

/** Whether a schema is structural. */
export function isStructural(schema: JsonSchema): boolean {
  return unsupportedConstruct(schema) === undefined && validateStructural(schema, fieldPath('')).length === 0;
}
