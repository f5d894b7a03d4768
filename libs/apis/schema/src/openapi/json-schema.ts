import type { JsonObject } from '@binnacle/machinery-patch';
import type {
  DefinitionSchema,
  Descriptions,
  FieldSchema,
  FieldType,
  OpenApiVersion,
  ScalarType,
  SchemaTable,
  Union,
} from '../types.js';

const META = 'io.k8s.apimachinery.pkg.';
const NAMED_SCALARS: Readonly<Partial<Record<ScalarType, string>>> = {
  time: `${META}apis.meta.v1.Time`,
  microTime: `${META}apis.meta.v1.MicroTime`,
  quantity: `${META}api.resource.Quantity`,
  intOrString: `${META}util.intstr.IntOrString`,
};
const PLAIN_SCALARS: Readonly<Partial<Record<ScalarType, JsonObject>>> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bool: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  any: { type: 'object' },
};
/** Definitions that are no objects. In the older form a definition has one type only. */
const SPECIAL: Readonly<Record<string, Readonly<Record<OpenApiVersion, JsonObject>>>> = {
  [`${META}apis.meta.v1.Time`]: both({ type: 'string', format: 'date-time' }),
  [`${META}apis.meta.v1.MicroTime`]: both({ type: 'string', format: 'date-time' }),
  [`${META}api.resource.Quantity`]: {
    v2: { type: 'string' },
    v3: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  },
  [`${META}util.intstr.IntOrString`]: {
    v2: { type: 'string', format: 'int-or-string' },
    v3: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  },
};

function both(schema: JsonObject): Readonly<Record<OpenApiVersion, JsonObject>> {
  return { v2: schema, v3: schema };
}

/** The definition a type refers to, through lists and maps. */
function referred(type: FieldType): string | undefined {
  if (type.kind === 'object') return type.name;
  return type.kind === 'scalar' ? NAMED_SCALARS[type.scalar] : referred(type.of);
}

/** Adds every definition that can be reached from the given ones in their table, themselves included, by name. */
export function addReachable(
  found: Map<string, DefinitionSchema>,
  schemas: SchemaTable,
  roots: Iterable<string>,
): void {
  const waiting = [...roots];
  const seen = new Set(found.keys());
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = seen.has(name) ? undefined : schemas.find(name);
    if (!schema) continue;
    seen.add(name);
    if (!schema.inline) found.set(name, schema);
    for (const field of schema.fields.values()) {
      const next = referred(field.type);
      if (next !== undefined) waiting.push(next);
    }
  }
}

/** Of a list the values are those of its items. */
function withValues(schema: JsonObject, values: readonly string[] | undefined): JsonObject {
  if (!values) return schema;
  return schema.items ? { ...schema, items: { type: 'string', enum: [...values] } } : { ...schema, enum: [...values] };
}

const unionSchema = ({ discriminator, fields }: Union): JsonObject => ({
  ...(discriminator && { discriminator }),
  'fields-to-discriminateBy': Object.fromEntries(
    fields.map((field) => [field, field.charAt(0).toUpperCase() + field.slice(1)]),
  ),
});

/** Writes definitions of the tables as JSON schemas with Kubernetes' extensions. */
export class SchemaWriter {
  constructor(
    private readonly version: OpenApiVersion,
    private readonly descriptions: Descriptions,
  ) {}

  reference(name: string): JsonObject {
    const folder = this.version === 'v3' ? 'components/schemas' : 'definitions';
    return { $ref: `#/${folder}/${name}` };
  }

  definitions(definitions: readonly DefinitionSchema[]): JsonObject {
    return Object.fromEntries(definitions.map((definition) => [definition.name, this.definition(definition)]));
  }

  private definition(definition: DefinitionSchema): JsonObject {
    const { name, gvk, mapType, union } = definition;
    const description = this.descriptions.of(name);
    return {
      ...(description && { description }),
      ...(SPECIAL[name]?.[this.version] ?? definition.jsonSchema?.(this.version) ?? this.shape(definition)),
      ...(gvk && { 'x-kubernetes-group-version-kind': [{ group: gvk.group, kind: gvk.kind, version: gvk.version }] }),
      ...(mapType && { 'x-kubernetes-map-type': mapType }),
      ...(union && { 'x-kubernetes-unions': [unionSchema(union)] }),
    };
  }

  private shape({ name, fields, freeForm }: DefinitionSchema): JsonObject {
    if (freeForm) return name.includes('.JSON') ? {} : { type: 'object' };
    const required = [...fields.values()].filter((field) => field.required).map((field) => field.name);
    return {
      type: 'object',
      ...(required.length > 0 && { required }),
      properties: Object.fromEntries([...fields.values()].map((field) => [field.name, this.field(name, field)])),
    };
  }

  private field(definition: string, field: FieldSchema): JsonObject {
    const description = this.descriptions.of(definition, field.name);
    return {
      ...(description && { description }),
      ...withValues(this.type(field.type, true), this.version === 'v3' ? field.values : undefined),
      ...(field.listType && { 'x-kubernetes-list-type': field.listType }),
      ...(field.listMapKeys && { 'x-kubernetes-list-map-keys': field.listMapKeys }),
      ...(field.mapType && { 'x-kubernetes-map-type': field.mapType }),
      ...(field.patchMergeKey && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
      ...(field.patchStrategies && { 'x-kubernetes-patch-strategy': field.patchStrategies.join(',') }),
    };
  }

  /** In the newer form a reference allows no members beside it, so it is wrapped where there are some. */
  private type(type: FieldType, hasSiblings: boolean): JsonObject {
    switch (type.kind) {
      case 'scalar':
        return PLAIN_SCALARS[type.scalar] ?? this.wrapped(NAMED_SCALARS[type.scalar] ?? '', hasSiblings);
      case 'object':
        return this.wrapped(type.name, hasSiblings);
      case 'list':
        return { type: 'array', items: this.type(type.of, false) };
      case 'map':
        return { type: 'object', additionalProperties: this.type(type.of, false) };
    }
  }

  private wrapped(name: string, hasSiblings: boolean): JsonObject {
    const reference = this.reference(name);
    return this.version === 'v3' && hasSiblings ? { allOf: [reference] } : reference;
  }
}
