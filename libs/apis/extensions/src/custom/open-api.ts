import type { OpenApiVersion } from '@binnacle/apis-schema';
import type { JsonObject } from '@binnacle/machinery-patch';
import { isIntOrStringPattern } from '../schema/clauses.js';
import { isStructural } from '../schema/structural.js';
import { EMBEDDED, INT_OR_STRING, type JsonSchema, PRESERVE, type Schemas } from '../schema/types.js';
import type { CustomKind } from './kind.js';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const CONVENTIONS = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
const STANDARD_METADATA = `Standard object's metadata. More info: ${CONVENTIONS}#metadata`;
const LIST_METADATA = `Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds`;

const INT_OR_STRING_TYPES: readonly JsonSchema[] = [{ type: 'integer' }, { type: 'string' }];

const folder = (version: OpenApiVersion): string => (version === 'v3' ? 'components/schemas' : 'definitions');

/** A reference with a description; in the newer form nothing may stand beside one. */
function reference(version: OpenApiVersion, name: string, description?: string): JsonObject {
  const ref = { $ref: `#/${folder(version)}/${name}` };
  if (version === 'v2') return description ? { description, ...ref } : ref;
  return description ? { description, allOf: [ref] } : ref;
}

const API_VERSION: JsonObject = {
  description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${CONVENTIONS}#resources`,
  type: 'string',
};
const KIND: JsonObject = {
  description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${CONVENTIONS}#types-kinds`,
  type: 'string',
};
const EMBEDDED_API_VERSION: JsonObject = {
  ...API_VERSION,
  description: `apiVersion defines the versioned schema of this representation of an object. More info: ${CONVENTIONS}#resources`,
};
const EMBEDDED_KIND: JsonObject = {
  ...KIND,
  description: `kind is a string value representing the type of this object. In CamelCase. More info: ${CONVENTIONS}#types-kinds`,
};

/** Says of int-or-string which types it stands for, where the schema does not. */
function unfolded(schema: JsonSchema): JsonSchema {
  if (!schema[INT_OR_STRING]) return schema;
  const { exact, inFirst } = isIntOrStringPattern(schema);
  if (exact || inFirst) return schema;
  if (!schema.anyOf) return { ...schema, anyOf: INT_OR_STRING_TYPES };
  return { ...schema, allOf: [{ anyOf: INT_OR_STRING_TYPES }, ...(schema.allOf ?? [])] };
}

function withoutTypes({ type: _type, items: _items, properties: _properties, ...rest }: JsonSchema): JsonSchema {
  return rest;
}

/** The older form knows no clauses and no nulls, and older clients fall over what only has some members. */
function olderForm(schema: JsonSchema): JsonSchema {
  const { allOf: _allOf, anyOf: _anyOf, oneOf: _oneOf, not: _not, nullable, ...rest } = schema;
  if (nullable) return withoutTypes(rest);
  const { items: _items, properties: _properties, ...preserved } = rest;
  const kept: JsonSchema = rest[PRESERVE] ? preserved : rest;
  const untyped = (kept.type === 'array' && !kept.items) || (kept.type === 'object' && kept[PRESERVE]);
  const { type: _type, ...bare } = kept;
  return withoutNullables(untyped ? bare : kept);
}

/** What may be null need not be there, as far as older clients understand. */
function withoutNullables(schema: JsonSchema): JsonSchema {
  const { required, properties = {}, additionalProperties } = schema;
  if (!required) return schema;
  const { required: _required, ...rest } = schema;
  if (typeof additionalProperties === 'object' && additionalProperties.nullable) return rest;
  const left = required.filter((name) => !properties[name]?.nullable);
  return left.length > 0 ? { ...rest, required: left } : rest;
}

function mapSchemas(schemas: Schemas, change: (schema: JsonSchema) => JsonSchema): Schemas {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]));
}

function wholeObject(schema: JsonSchema, version: OpenApiVersion): JsonSchema {
  if (!schema[EMBEDDED] || (version === 'v2' && schema[PRESERVE])) return schema;
  const { required = [], properties } = schema;
  const needed = ['kind', 'apiVersion'].filter((name) => !required.includes(name));
  const metadata = reference(version, `${META}.ObjectMeta`, STANDARD_METADATA);
  return {
    ...schema,
    required: [...required, ...needed],
    properties: { ...properties, apiVersion: EMBEDDED_API_VERSION, kind: EMBEDDED_KIND, metadata },
  } as JsonSchema;
}

function published(schema: JsonSchema, version: OpenApiVersion): JsonSchema {
  const own = version === 'v2' ? olderForm(unfolded(schema)) : unfolded(schema);
  const { items, properties, additionalProperties } = own;
  const below: JsonSchema = {
    ...own,
    ...(items && { items: published(items as JsonSchema, version) }),
    ...(properties && { properties: mapSchemas(properties, (property) => published(property, version)) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: published(additionalProperties, version),
    }),
  };
  return wholeObject(below, version);
}

const OPAQUE: JsonObject = { type: 'object' };

/** Selectable fields as clients find them beside the kind. */
function selectable({ of }: CustomKind): JsonObject {
  const fields = of.selectableFields ?? [];
  if (fields.length === 0) return {};
  const paths = fields.map(({ jsonPath }) => ({ fieldPath: jsonPath.replace(/^\./, '') }));
  return { 'x-kubernetes-selectable-fields': paths };
}

/**
 * The JSON schema of a custom kind as documentation publishes it.
 * Behaves as kubernetes apiextensions-apiserver pkg/controller/openapi/builder.
 */
export function kindSchema(kind: CustomKind, version: OpenApiVersion): JsonObject {
  const { schema, of, definition } = kind;
  const preserves = schema[PRESERVE] || definition.spec.preserveUnknownFields;
  const isOpaque = !of.schema?.openAPIV3Schema || !isStructural(schema) || (version === 'v2' && preserves);
  if (isOpaque) return { ...OPAQUE, ...selectable(kind) };
  const root = published(schema, version);
  const metadata = reference(version, `${META}.ObjectMeta`, STANDARD_METADATA);
  return {
    ...root,
    properties: { ...root.properties, apiVersion: API_VERSION, kind: KIND, metadata },
    ...selectable(kind),
  };
}

/** The JSON schema of lists of the kind. */
export function listSchema(kind: CustomKind, version: OpenApiVersion): JsonObject {
  const { names, model } = kind;
  const items = { type: 'array', items: reference(version, model) };
  return {
    description: `${names.listKind} is a list of ${names.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: API_VERSION,
      items: { description: `List of ${names.plural}. More info: ${CONVENTIONS}`, ...items },
      kind: KIND,
      metadata: reference(version, `${META}.ListMeta`, LIST_METADATA),
    },
    ...selectable(kind),
  };
}
