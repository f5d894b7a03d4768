import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';

const known = new WeakMap<GraphQLSchema, number>();

function measure(schema: GraphQLSchema): number {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  return fields.reduce((total, { args }) => total + args.length, 0) / Math.max(1, fields.length);
}

/** How many arguments a field of the schema has on average: nearly all are fields of objects, which have none. */
export function usualArguments(schema: GraphQLSchema): number {
  let count = known.get(schema);
  if (count === undefined) known.set(schema, (count = measure(schema)));
  return count;
}
