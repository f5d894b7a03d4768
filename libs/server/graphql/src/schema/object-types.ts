import {
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
} from 'graphql';
import type { CatalogField, FieldShape, SchemaCatalog } from './catalog.js';
import { IntOrStringScalar, JsonScalar, LongScalar } from './scalars.js';

type Source = Record<string, unknown>;

const GRAPHQL_NAME = /^[A-Za-z_]\w*$/;

/** The last part of a schema name, told apart by version and then group where two kinds share it. */
function candidates(schema: string): string[] {
  const parts = schema.split('.');
  const [short = schema, version = '', group = ''] = parts.reverse();
  const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  return [short, `${title(group)}${short}`, `${title(group)}${title(version)}${short}`];
}

/** Makes GraphQL types of schemas, each once, only those that something refers to. */
export class ObjectTypes {
  private readonly types = new Map<string, GraphQLObjectType | typeof JsonScalar>();
  private readonly taken = new Set<string>([
    'Query',
    'Mutation',
    'Subscription',
    'PageInfo',
    'Filter',
    'SortKey',
    'JSON',
    'Long',
  ]);

  constructor(private readonly catalog: SchemaCatalog) {}

  /** Reserves a type name that no schema may take. */
  nameFor(schema: string): string {
    const name = candidates(schema).find((candidate) => !this.taken.has(candidate)) ?? schema.replace(/\W/g, '_');
    this.taken.add(name);
    return name;
  }

  /** The type of a schema without metadata relations; a schema without fields is plain JSON. */
  of(schema: string): GraphQLObjectType | typeof JsonScalar {
    const known = this.types.get(schema);
    if (known) return known;
    const fields = this.catalog.fields(schema).filter((field) => GRAPHQL_NAME.test(field.name));
    const type = fields.length === 0 ? JsonScalar : this.objectType(schema, fields);
    this.types.set(schema, type);
    return type;
  }

  fieldsOf<C>(schema: string): GraphQLFieldConfigMap<Source, C> {
    return this.fieldMap(this.catalog.fields(schema).filter((field) => GRAPHQL_NAME.test(field.name)));
  }

  describe(schema: string): string {
    return this.catalog.description(schema);
  }

  private objectType(schema: string, fields: readonly CatalogField[]): GraphQLObjectType {
    return new GraphQLObjectType({
      name: this.nameFor(schema),
      description: this.catalog.description(schema) || undefined,
      fields: () => this.fieldMap(fields),
    });
  }

  private fieldMap<C>(fields: readonly CatalogField[]): GraphQLFieldConfigMap<Source, C> {
    return Object.fromEntries(
      fields.map(({ name, shape, description }) => [
        name,
        { type: this.output(shape), description: description || undefined },
      ]),
    );
  }

  private output(shape: FieldShape): GraphQLOutputType {
    switch (shape.kind) {
      case 'string':
        return GraphQLString;
      case 'boolean':
        return GraphQLBoolean;
      case 'integer':
        return GraphQLInt;
      case 'long':
        return LongScalar;
      case 'number':
        return GraphQLFloat;
      case 'intOrString':
        return IntOrStringScalar;
      case 'list':
        return new GraphQLList(new GraphQLNonNull(this.output(shape.of)));
      case 'object':
        return this.of(shape.schema);
      case 'json':
        return JsonScalar;
    }
  }
}
