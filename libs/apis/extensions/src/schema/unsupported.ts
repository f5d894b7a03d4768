import { isSet } from './set.js';
import { type JsonSchema, PRESERVE } from './types.js';

/** Members no structural schema has, with what upstream calls them. */
const UNSUPPORTED = [
  ['id', 'id'],
  ['$schema', 'schema'],
  ['$ref', '$ref'],
  ['patternProperties', 'patternProperties'],
  ['dependencies', 'dependencies'],
  ['additionalItems', 'additionalItems'],
  ['definitions', 'definitions'],
] as const;

const isThere = (schema: JsonSchema, name: keyof JsonSchema): boolean =>
  name === 'additionalItems' ? schema.additionalItems !== undefined : isSet(schema[name]);

/** What of this one schema, without those below it, has no place in a structural one. */
function ownProblem(schema: JsonSchema): string | undefined {
  const found = UNSUPPORTED.find(([name]) => isThere(schema, name));
  return found && `OpenAPIV3Schema '${found[1]}' is not supported`;
}

function first(schemas: Iterable<JsonSchema | undefined>): string | undefined {
  for (const schema of schemas) {
    const problem = schema && unsupportedConstruct(schema);
    if (problem) return problem;
  }
  return undefined;
}

function itemsProblem({ items }: JsonSchema): string | undefined {
  if (items === undefined) return undefined;
  if (Array.isArray(items)) {
    return items.length > 0 ? "OpenAPIV3Schema 'items' must be a schema, but is an array" : undefined;
  }
  return unsupportedConstruct(items as JsonSchema);
}

/**
 * The first thing that keeps a schema from being read as a structural one, in upstream's words.
 * Behaves as kubernetes apiextensions-apiserver pkg/apiserver/schema NewStructural.
 */
export function unsupportedConstruct(schema: JsonSchema): string | undefined {
  const { not, allOf = [], anyOf = [], oneOf = [], properties = {}, additionalProperties } = schema;
  const own = ownProblem(schema) ?? first([not, ...allOf, ...anyOf, ...oneOf]);
  if (own) return own;
  if (schema[PRESERVE] === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  }
  const values = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return itemsProblem(schema) ?? first([...Object.values(properties), values]);
}
