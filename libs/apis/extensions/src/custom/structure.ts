import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import {
  type Conformed,
  type DefinitionSchema,
  type FieldSchema,
  type FieldType,
  type ListType,
  type MapType,
  pascalCase,
  type ScalarType,
  type SchemaTable,
  schemaTable,
} from '@binnacle/apis-schema';
import { itemsOf, propertiesOf, valuesOf } from '../schema/children.js';
import { EMBEDDED, INT_OR_STRING, type JsonSchema, LIST_KEYS, LIST_TYPE, MAP_TYPE, PRESERVE } from '../schema/types.js';

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const LIST_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta';
const STRING: FieldType = { kind: 'scalar', scalar: 'string' };
const ANY: FieldType = { kind: 'scalar', scalar: 'any' };
const SCALARS: Readonly<Record<string, ScalarType>> = { string: 'string', number: 'double', boolean: 'bool' };

function scalarOf({ type = '', format, [INT_OR_STRING]: isIntOrString }: JsonSchema): ScalarType {
  if (isIntOrString) return 'intOrString';
  if (type === 'integer') return format === 'int32' ? 'int32' : 'int64';
  return SCALARS[type] ?? 'any';
}

function valuesAllowed({ enum: values }: JsonSchema): readonly string[] | undefined {
  return values?.every((value) => typeof value === 'string') ? (values as readonly string[]) : undefined;
}

const field = (name: string, type: FieldType, required = false): FieldSchema => ({
  name,
  type,
  required,
  omitsEmpty: false,
});

/** The members that every whole object has. */
const META_FIELDS: readonly FieldSchema[] = [
  field('apiVersion', STRING),
  field('kind', STRING),
  field('metadata', { kind: 'object', name: OBJECT_META }),
];

/** What a kind of a definition is made of, for server-side apply and whoever else asks for fields. */
class Structure {
  private readonly definitions = new Map<string, DefinitionSchema>();
  private readonly taken = new Set<string>();

  /** `model`: the name of the kind. Those of its parts begin with it, and say where in the kind they are. */
  constructor(private readonly model: string) {}

  /** `place`: where in the kind the schema stands, as `WidgetSpec`. */
  define(name: string, place: string, schema: JsonSchema, isResource = schema[EMBEDDED] ?? false): DefinitionSchema {
    const required = new Set(schema.required);
    const fields = new Map(
      propertiesOf(schema).map(([member, property]) => [
        member,
        this.field(place + pascalCase(member), property, member, required.has(member)),
      ]),
    );
    if (isResource) for (const meta of META_FIELDS) fields.set(meta.name, meta);
    const definition: DefinitionSchema = {
      name,
      fields,
      freeForm: fields.size === 0 && schema[PRESERVE] === true,
      inline: true,
      ...(schema[PRESERVE] && { open: true }),
      ...(schema[MAP_TYPE] === 'atomic' && { mapType: 'atomic' as MapType }),
    };
    this.definitions.set(name, definition);
    return definition;
  }

  /** All that was defined. */
  parts(): Iterable<DefinitionSchema> {
    return this.definitions.values();
  }

  private field(place: string, schema: JsonSchema, name: string, isRequired: boolean): FieldSchema {
    const values = valuesAllowed(schema);
    return {
      ...field(name, this.type(place, schema), isRequired),
      ...(schema.default !== undefined && { default: schema.default }),
      ...(schema[LIST_TYPE] && { listType: schema[LIST_TYPE] as ListType }),
      ...(schema[LIST_KEYS] && { listMapKeys: schema[LIST_KEYS] }),
      ...(schema[MAP_TYPE] && { mapType: schema[MAP_TYPE] as MapType }),
      ...(values && { values }),
    };
  }

  private type(place: string, schema: JsonSchema): FieldType {
    const [items, values] = [itemsOf(schema), valuesOf(schema)];
    if (schema.type === 'array') return items ? { kind: 'list', of: this.type(place, items), wrapped: false } : ANY;
    if (values) return { kind: 'map', of: this.type(place, values) };
    const isObject = schema.type === 'object' || schema[PRESERVE] || propertiesOf(schema).length > 0;
    if (!isObject || schema[INT_OR_STRING]) return { kind: 'scalar', scalar: scalarOf(schema) };
    const name = this.newName(place);
    this.define(name, place, schema);
    return { kind: 'object', name };
  }

  /** Members may be told apart by no more than a hyphen. */
  private newName(place: string): string {
    let name = `${this.model}.${place}`;
    for (let count = 2; this.taken.has(name); count += 1) name = `${this.model}.${place}${count}`;
    this.taken.add(name);
    return name;
  }
}

/** A kind and its list, as documentation and the server know them. */
export interface Model {
  readonly name: string;
  readonly gvk: { readonly group: string; readonly version: string; readonly kind: string };
  readonly listKind: string;
  readonly schema: JsonSchema;
  readonly conform: (value: unknown, owned: boolean) => Conformed;
  readonly jsonSchema: NonNullable<DefinitionSchema['jsonSchema']>;
  readonly listJsonSchema: NonNullable<DefinitionSchema['jsonSchema']>;
}

function listDefinition({ name, gvk, listKind, listJsonSchema }: Model): DefinitionSchema {
  const items = field('items', { kind: 'list', of: { kind: 'object', name }, wrapped: false }, true);
  const meta = field('metadata', { kind: 'object', name: LIST_META });
  const fields = [field('apiVersion', STRING), items, field('kind', STRING), meta];
  return {
    name: `${name}List`,
    freeForm: false,
    gvk: { ...gvk, kind: listKind },
    fields: new Map(fields.map((one) => [one.name, one])),
    jsonSchema: listJsonSchema,
  };
}

/** The table of a custom kind. `version`: a digest of what it is made of. */
export function customTable(version: string, model: Model): SchemaTable {
  const structure = new Structure(model.name);
  const { inline: _inline, ...shape } = structure.define(model.name, model.gvk.kind, model.schema, true);
  const root: DefinitionSchema = {
    ...shape,
    freeForm: false,
    gvk: model.gvk,
    conform: model.conform,
    jsonSchema: model.jsonSchema,
  };
  // The root comes last: it takes the place of what the structure has under its name.
  return schemaTable(version, [...structure.parts(), listDefinition(model), root], builtinSchemas);
}
