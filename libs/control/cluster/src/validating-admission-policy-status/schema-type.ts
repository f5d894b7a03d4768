import { type CelType, DYN, escapeName, listOf, mapOf, STRING } from '@binnacle/machinery-cel';

/** What is used of a schema in OpenAPI v3. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
}
export type Schemas = Readonly<Record<string, Schema>>;

const PREFIX = '#/components/schemas/';
const TEXTS: Readonly<Record<string, CelType>> = {
  byte: { kind: 'bytes' },
  duration: { kind: 'duration' },
  date: { kind: 'timestamp' },
  'date-time': { kind: 'timestamp' },
};
const SCALARS: Readonly<Record<string, CelType>> = {
  boolean: { kind: 'bool' },
  number: { kind: 'double' },
  integer: { kind: 'int' },
};
const METADATA: Schema = { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } };
const WHOLE: Schemas = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: METADATA };

/**
 * How expressions see what schemas describe. Behaves as kubernetes apiserver pkg/cel/common SchemaDeclType, but that what says no
 * type, such as a quantity, may be anything instead of not being there; and where a schema is part of itself it ends.
 */
export class SchemaTypes {
  private readonly known = new Map<string, CelType>();
  private readonly open = new Set<string>();

  constructor(private readonly schemas: Schemas) {}

  /** A whole object, of which expressions always see kind and name. */
  resource(schema: Schema): CelType {
    const { properties, ...rest } = this.resolved(schema);
    return this.of({ ...rest, type: 'object', properties: { ...WHOLE, ...properties } });
  }

  private of(schema: Schema): CelType {
    const ref = refOf(schema);
    if (ref === undefined) return this.plain(schema);
    const known = this.known.get(ref);
    if (known) return known;
    if (this.open.has(ref)) return DYN;
    this.open.add(ref);
    const type = this.plain(this.schemas[ref] ?? {});
    this.open.delete(ref);
    this.known.set(ref, type);
    return type;
  }

  private resolved(schema: Schema): Schema {
    const ref = refOf(schema);
    return ref === undefined ? schema : (this.schemas[ref] ?? {});
  }

  private plain(schema: Schema): CelType {
    if (isEither(schema)) return DYN;
    if (schema['x-kubernetes-embedded-resource'] && !schema.properties?.kind) return this.resource(schema);
    return schema.type === 'object' || schema.type === 'array' ? this.composed(schema) : scalar(schema);
  }

  private composed(schema: Schema): CelType {
    if (schema.type === 'object') return this.object(schema);
    return schema.items ? listOf(this.of(schema.items)) : DYN;
  }

  private object({ properties = {}, additionalProperties }: Schema): CelType {
    if (typeof additionalProperties === 'object') return mapOf(STRING, this.of(additionalProperties));
    const fields = Object.entries(properties).flatMap(([name, property]) => {
      const escaped = escapeName(name);
      return escaped === undefined ? [] : [[escaped, this.of(property)] as const];
    });
    return { kind: 'object', name: 'object', fields: new Map(fields) };
  }
}

function scalar({ type = '', format = '' }: Schema): CelType {
  return type === 'string' ? (TEXTS[format] ?? STRING) : (SCALARS[type] ?? DYN);
}

/** A number or a text. */
const isEither = (schema: Schema) => schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string';

/** A reference stands alone, or in an `allOf` of one beside a default. */
function refOf({ $ref, allOf }: Schema): string | undefined {
  const ref = $ref ?? (allOf?.length === 1 ? allOf[0]?.$ref : undefined);
  return ref?.startsWith(PREFIX) ? ref.slice(PREFIX.length) : undefined;
}
