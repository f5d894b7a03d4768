import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import { BadValue, type Conformed, conform, type DefinitionSchema, type SchemaTable } from '@binnacle/apis-schema';
import { isJsonObject, type JsonObject, setMember } from '@binnacle/machinery-patch';

const PACKAGE = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
const SCHEMA = `${PACKAGE}.JSONSchemaProps`;
export const DEFINITION_SCHEMA = `${PACKAGE}.CustomResourceDefinition`;

const LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const MAPS = ['properties', 'patternProperties', 'definitions', 'dependencies'] as const;

/** Members that may be a schema or something else, which the tables therefore do not look into. */
const OPEN = ['items', 'additionalProperties', 'additionalItems'] as const;

const read = (value: unknown): JsonObject => conform(builtinSchemas, SCHEMA, value, true).object;

function readOpen(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readOpen);
  if (!isJsonObject(value)) return value;
  const schema = read(value);
  readBelow(schema);
  return schema;
}

function checkOpen(name: string, value: unknown): void {
  if (name !== 'items' && (typeof value === 'boolean' || isJsonObject(value))) return;
  if (name === 'items' && (Array.isArray(value) || isJsonObject(value))) return;
  throw new BadValue(`json: ${name} must be a schema${name === 'items' ? ' or a list of schemas' : ' or a boolean'}`);
}

/** Brings schemas below one that was read into the same shape. */
function readBelow(schema: JsonObject): void {
  for (const name of OPEN) {
    if (schema[name] === undefined) continue;
    checkOpen(name, schema[name]);
    schema[name] = readOpen(schema[name]);
  }
  for (const name of LISTS) for (const clause of (schema[name] as unknown[] | undefined) ?? []) readInner(clause);
  for (const name of MAPS) {
    const map = schema[name];
    if (!isJsonObject(map)) continue;
    for (const [key, value] of Object.entries(map)) {
      if (name === 'dependencies') setMember(map, key, Array.isArray(value) ? value : readOpen(value));
      else readInner(value);
    }
  }
  readInner(schema.not);
}

function readInner(value: unknown): void {
  if (isJsonObject(value)) readBelow(value);
}

function schemasIn({ spec }: JsonObject): JsonObject[] {
  const versions = isJsonObject(spec) && Array.isArray(spec.versions) ? (spec.versions as JsonObject[]) : [];
  return versions.flatMap(({ schema }) => {
    const root = isJsonObject(schema) ? schema.openAPIV3Schema : undefined;
    return isJsonObject(root) ? [root] : [];
  });
}

function conformDefinition(value: unknown, owned: boolean): Conformed {
  const conformed = conform(builtinSchemas, DEFINITION_SCHEMA, value, owned);
  for (const schema of schemasIn(conformed.object)) readBelow(schema);
  return conformed;
}

function definitionSchema(): DefinitionSchema | undefined {
  const known = builtinSchemas.find(DEFINITION_SCHEMA);
  return known && { ...known, conform: conformDefinition };
}

/** Kubernetes' own table, but that definitions are read with the schemas in them. */
export const definitionSchemas: SchemaTable = {
  ...builtinSchemas,
  version: `${builtinSchemas.version} definitions`,
  find: (name) => (name === DEFINITION_SCHEMA ? definitionSchema() : builtinSchemas.find(name)),
};
