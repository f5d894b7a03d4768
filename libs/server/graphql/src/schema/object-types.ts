import type { DefinitionSchema, FieldType, ScalarType, SchemaTable } from '@binnacle/apis-schema';
import {
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import { IntOrStringScalar, JsonScalar, LongScalar } from './scalars.js';
import { TypeNames } from './type-names.js';

type Source = Record<string, unknown>;

/** Two underscores at the beginning are introspection's own. */
const GRAPHQL_NAME = /^(?!__)[A-Za-z_]\w*$/;
const SCALARS: Readonly<Record<ScalarType, GraphQLScalarType>> = {
  string: GraphQLString,
  int32: GraphQLInt,
  int64: LongScalar,
  double: GraphQLFloat,
  bool: GraphQLBoolean,
  bytes: GraphQLString,
  time: GraphQLString,
  microTime: GraphQLString,
  quantity: GraphQLString,
  intOrString: IntOrStringScalar,
  any: JsonScalar,
};

/** Makes GraphQL types of schemas, each once, only those that something refers to. */
export class ObjectTypes {
  private readonly types = new Map<DefinitionSchema, GraphQLObjectType | GraphQLScalarType>();
  readonly names = new TypeNames();

  /** The type of a schema that is no kind of its own; one without fields is plain JSON. */
  of(schemas: SchemaTable, schema: string): GraphQLObjectType | GraphQLScalarType {
    const definition = schemas.find(schema);
    if (!definition || ![...definition.fields.keys()].some((name) => GRAPHQL_NAME.test(name))) return JsonScalar;
    const known = this.types.get(definition);
    if (known) return known;
    const type = new GraphQLObjectType({
      name: this.names.ofStructure(schema),
      fields: () => this.fieldsOf(schemas, schema),
    });
    this.types.set(definition, type);
    return type;
  }

  fieldsOf<C>(schemas: SchemaTable, schema: string): GraphQLFieldConfigMap<Source, C> {
    const fields = [...(schemas.find(schema)?.fields.values() ?? [])].filter(({ name }) => GRAPHQL_NAME.test(name));
    return Object.fromEntries(fields.map(({ name, type }) => [name, { type: this.output(schemas, type) }]));
  }

  private output(schemas: SchemaTable, type: FieldType): GraphQLOutputType {
    switch (type.kind) {
      case 'scalar':
        return SCALARS[type.scalar];
      case 'list':
        return new GraphQLList(new GraphQLNonNull(this.output(schemas, type.of)));
      case 'object':
        return this.of(schemas, type.name);
      case 'map':
        return JsonScalar;
    }
  }
}
