import type { JsonSchema, Schemas } from './types.js';

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema of a list's elements; tuples have none. */
export function itemsOf(schema: JsonSchema): JsonSchema | undefined {
  return isSchema(schema.items) ? schema.items : undefined;
}

/** The schema of a map's values, where one is given. */
export function valuesOf(schema: JsonSchema): JsonSchema | undefined {
  return isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

/** The schema of a member by that name, be it a property; undefined where it has none. */
export function propertyOf({ properties }: JsonSchema, name: string): JsonSchema | undefined {
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The schema of a member, be it a property or the value of a map. */
export function memberOf(schema: JsonSchema, name: string): JsonSchema | undefined {
  return propertyOf(schema, name) ?? valuesOf(schema);
}

export function propertiesOf({ properties = {} }: JsonSchema): [name: string, schema: JsonSchema][] {
  return Object.entries(properties);
}

function schemasIn(value: unknown): JsonSchema[] {
  if (Array.isArray(value)) return value.filter(isSchema);
  return isSchema(value) ? [value] : [];
}

const schemasOfMap = (map: Schemas | undefined): JsonSchema[] => Object.values(map ?? {}).flatMap(schemasIn);

function childrenOf(schema: JsonSchema): JsonSchema[] {
  const { items, allOf, anyOf, oneOf, not, additionalProperties, additionalItems } = schema;
  return [
    ...[items, allOf, anyOf, oneOf, not].flatMap(schemasIn),
    ...schemasOfMap(schema.properties),
    ...schemasIn(additionalProperties),
    ...schemasOfMap(schema.patternProperties),
    ...schemasIn(additionalItems),
    ...schemasOfMap(schema.definitions),
    ...Object.values(schema.dependencies ?? {}).flatMap((value) => (Array.isArray(value) ? [] : schemasIn(value))),
  ];
}

/** The schema and every schema below it, wherever it stands. */
export function* everySchema(root: JsonSchema): Generator<JsonSchema> {
  const waiting = [root];
  for (let schema = waiting.pop(); schema; schema = waiting.pop()) {
    yield schema;
    waiting.push(...childrenOf(schema).reverse());
  }
}

/** Whether the schema or one below it is such. */
export function someSchema(root: JsonSchema | undefined, test: (schema: JsonSchema) => boolean): boolean {
  if (!root) return false;
  for (const schema of everySchema(root)) if (test(schema)) return true;
  return false;
}

/**
 * Whether a structural schema, or one in its structure, is such; clauses are no part of that. Each is looked through once,
 * so schemas must not change afterwards.
 */
export function somewhere(test: (schema: JsonSchema) => boolean): (schema: JsonSchema) => boolean {
  const known = new WeakMap<JsonSchema, boolean>();
  return function isSomewhere(schema: JsonSchema): boolean {
    const answer = known.get(schema);
    if (answer !== undefined) return answer;
    const below = [itemsOf(schema), valuesOf(schema), ...Object.values(schema.properties ?? {})];
    const found = test(schema) || below.some((child) => child && isSomewhere(child));
    known.set(schema, found);
    return found;
  };
}
