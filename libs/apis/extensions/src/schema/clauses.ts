import { type FieldError, type FieldPath, forbidden, invalid } from '@binnacle/machinery-validation';
import { itemsOf, propertiesOf, propertyOf } from './children.js';
import { patternProblem } from './regex.js';
import { isSet } from './set.js';
import { EMBEDDED, INT_OR_STRING, type JsonSchema, LIST_KEYS, LIST_TYPE, MAP_TYPE, PRESERVE, RULES } from './types.js';

/** `exact`: the anyOf of this schema says "integer or string"; `inFirst`: that of the first of its allOf does. */
interface IntOrStringPattern {
  readonly exact: boolean;
  readonly inFirst: boolean;
}

const NO_PATTERN: IntOrStringPattern = { exact: false, inFirst: false };

const saysOnlyType = (schema: JsonSchema | undefined, type: string): boolean =>
  schema?.type === type && Object.entries(schema).every(([name, value]) => name === 'type' || !isSet(value));

function isIntOrString(anyOf: readonly JsonSchema[] | undefined): boolean {
  return anyOf?.length === 2 && saysOnlyType(anyOf[0], 'integer') && saysOnlyType(anyOf[1], 'string');
}

/** The two forms in which int-or-string may name types in a clause. */
export function isIntOrStringPattern({ anyOf, allOf }: JsonSchema): IntOrStringPattern {
  return { exact: isIntOrString(anyOf), inFirst: isIntOrString(allOf?.[0]?.anyOf) };
}

/** What may stand outside clauses only, with the words it is refused in. */
const OUTSIDE: readonly (readonly [keyof JsonSchema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  [PRESERVE, 'must be false to be structural'],
  [EMBEDDED, 'must be false to be structural'],
  [INT_OR_STRING, 'must be false to be structural'],
  [LIST_KEYS, 'must be empty to be structural'],
  [LIST_TYPE, 'must be undefined to be structural'],
  [MAP_TYPE, 'must be undefined to be structural'],
  [RULES, 'must be empty to be structural'],
];

/** Even an empty default or list type is one. */
const DEFINED: ReadonlySet<keyof JsonSchema> = new Set(['default', LIST_TYPE, MAP_TYPE]);

function stands(clause: JsonSchema, name: keyof JsonSchema): boolean {
  const value = clause[name];
  if (name === 'additionalProperties') return value !== undefined && value !== false;
  return DEFINED.has(name) ? value !== undefined && value !== null : isSet(value);
}

function validateOutside(clause: JsonSchema, path: FieldPath): FieldError[] {
  return OUTSIDE.filter(([name]) => stands(clause, name)).map(([name, why]) => forbidden(path.child(name), why));
}

/** A schema in `allOf`, `anyOf`, `oneOf` or `not`, or below one. */
export function validateClause(clause: JsonSchema | undefined, path: FieldPath, skipAnyOf = false): FieldError[] {
  if (!clause) return [];
  const errors = [
    ...validateClauses(clause, { exact: skipAnyOf, inFirst: false }, path),
    ...validateClause(clause.not, path.child('not')),
    ...validateClause(itemsOf(clause), path.child('items')),
    ...propertiesOf(clause).flatMap(([name, property]) => validateClause(property, path.child('properties').key(name))),
    ...validateOutside(clause, path),
  ];
  if (propertyOf(clause, 'metadata')) {
    errors.push(forbidden(path.child('properties').key('metadata'), 'must not be specified in a nested context'));
  }
  return errors;
}

/** The clauses of a schema but `not`, and its pattern. */
export function validateClauses(
  schema: JsonSchema,
  pattern: IntOrStringPattern = NO_PATTERN,
  path: FieldPath,
): FieldError[] {
  const { anyOf = [], allOf = [], oneOf = [] } = schema;
  return [
    ...(pattern.exact
      ? []
      : anyOf.flatMap((clause, index) => validateClause(clause, path.child('anyOf').index(index)))),
    ...allOf.flatMap((clause, index) =>
      validateClause(clause, path.child('allOf').index(index), pattern.inFirst && index === 0),
    ),
    ...oneOf.flatMap((clause, index) => validateClause(clause, path.child('oneOf').index(index))),
    ...validatePattern(schema, path),
  ];
}

function validatePattern({ pattern }: JsonSchema, path: FieldPath): FieldError[] {
  const problem = pattern && patternProblem(pattern);
  if (!pattern || !problem) return [];
  return [invalid(path.child('pattern'), pattern, `must be a valid regular expression, but isn't: ${problem}`)];
}
