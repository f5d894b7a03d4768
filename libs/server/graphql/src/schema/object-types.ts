import { type FieldType, findSchema, type ScalarType } from '@binnacle/apis-kubernetes/schema';
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

type Source = Record<string, unknown>;

const GRAPHQL_NAME = /^[A-Za-z_]\w*$/;
const RESERVED = [
  'Query',
  'Mutation',
  'Subscription',
  'KubeObject',
  'Filter',
  'SortKey',
  'Direction',
  'ChangeType',
  'JSON',
  'Long',
];

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

/** The last part of a schema name, told apart by group and version where two share it. */
function candidates(schema: string): string[] {
  const [short = schema, version = '', group = ''] = schema.split('.').reverse();
  const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  return [short, `${title(group)}${short}`, `${title(group)}${title(version)}${short}`];
}

/** Makes GraphQL types of schemas, each once, only those that something refers to. */
export class ObjectTypes {
  private readonly types = new Map<string, GraphQLObjectType | GraphQLScalarType>();
  private readonly taken = new Set<string>(RESERVED);

  /** Chooses the type name of a schema; no other gets it. */
  nameFor(schema: string): string {
    const name = candidates(schema).find((candidate) => !this.taken.has(candidate)) ?? schema.replace(/\W/g, '_');
    this.taken.add(name);
    return name;
  }

  /** The type of a schema that is no kind of its own; one without fields is plain JSON. */
  of(schema: string): GraphQLObjectType | GraphQLScalarType {
    const known = this.types.get(schema);
    if (known) return known;
    const isObject = (findSchema(schema)?.fields.size ?? 0) > 0;
    const type = isObject
      ? new GraphQLObjectType({ name: this.nameFor(schema), fields: () => this.fieldsOf(schema) })
      : JsonScalar;
    this.types.set(schema, type);
    return type;
  }

  fieldsOf<C>(schema: string): GraphQLFieldConfigMap<Source, C> {
    const fields = [...(findSchema(schema)?.fields.values() ?? [])].filter(({ name }) => GRAPHQL_NAME.test(name));
    return Object.fromEntries(fields.map(({ name, type }) => [name, { type: this.output(type) }]));
  }

  private output(type: FieldType): GraphQLOutputType {
    switch (type.kind) {
      case 'scalar':
        return SCALARS[type.scalar];
      case 'list':
        return new GraphQLList(new GraphQLNonNull(this.output(type.of)));
      case 'object':
        return this.of(type.name);
      case 'map':
        return JsonScalar;
    }
  }
}
