import { type FieldError, type FieldPath, forbidden, invalid, notSupported } from '@binnacle/machinery-validation';
import { isSet } from '../schema/set.js';
import { EMBEDDED, type JsonSchema } from '../schema/types.js';

export const SCHEMA_TYPES: readonly string[] = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** What is asked of one schema, depending on where it stands. */
export interface Surroundings {
  /** Why no default may stand here; undefined where one may. Empty says only that it must not. */
  readonly forbiddenDefault: string | undefined;
  /** Inside apiVersion, kind or metadata of a whole object. */
  readonly insideMeta: boolean;
  readonly requireValidType: boolean;
  /** The nearest place above whose elements cannot be told apart from one state to the next. */
  readonly uncorrelatable: FieldPath | undefined;
}

/** Members that JSON schema has and CustomResourceDefinitions have not. */
const UNSUPPORTED = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const;

function validateDefault(schema: JsonSchema, path: FieldPath, { forbiddenDefault }: Surroundings): FieldError[] {
  const hasDefault = schema.default !== undefined && schema.default !== null;
  if (!hasDefault || forbiddenDefault === undefined) return [];
  return [forbidden(path.child('default'), `must not be set${forbiddenDefault && ` ${forbiddenDefault}`}`)];
}

function validateUnsupported(schema: JsonSchema, path: FieldPath): FieldError[] {
  return UNSUPPORTED.filter((name) => {
    const value = schema[name];
    return name === 'dependencies' || name === 'additionalItems' ? value !== undefined : isSet(value);
  }).map((name) => forbidden(path.child(name), `${name} is not supported`));
}

function validateType({ type }: JsonSchema, path: FieldPath, { requireValidType }: Surroundings): FieldError[] {
  const at = path.child('type');
  const errors: FieldError[] = [];
  if (requireValidType && type && !SCHEMA_TYPES.includes(type)) errors.push(notSupported(at, type, SCHEMA_TYPES));
  if (type === 'null') errors.push(forbidden(at, 'type cannot be set to null, use nullable as an alternative'));
  return errors;
}

/** What one schema alone may not say, whatever is below it. */
export function validateOneSchema(schema: JsonSchema, path: FieldPath, where: Surroundings): FieldError[] {
  const errors = [
    ...validateType(schema, path, where),
    ...validateDefault(schema, path, where),
    ...validateUnsupported(schema, path),
  ];
  if (Array.isArray(schema.items) && schema.items.length > 0) {
    errors.push(forbidden(path.child('items'), 'items must be a schema object and not an array'));
  }
  if (where.insideMeta && schema[EMBEDDED]) {
    errors.push(forbidden(path.child(EMBEDDED), 'must not be used inside of resource meta'));
  }
  if (schema.uniqueItems) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.push(forbidden(path.child('uniqueItems'), why));
  }
  return [...errors, ...validateExclusive(schema, path), ...validatePreserve(schema, path)];
}

function validateExclusive({ additionalProperties, properties }: JsonSchema, path: FieldPath): FieldError[] {
  if (additionalProperties === undefined || additionalProperties === true || !isSet(properties)) return [];
  const why = 'additionalProperties and properties are mutual exclusive';
  return [forbidden(path.child('additionalProperties'), why)];
}

function validatePreserve(schema: JsonSchema, path: FieldPath): FieldError[] {
  const name = 'x-kubernetes-preserve-unknown-fields';
  return schema[name] === false ? [invalid(path.child(name), false, 'must be true or undefined')] : [];
}
