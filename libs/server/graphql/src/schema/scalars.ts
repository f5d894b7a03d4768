import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

function literal(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((value) => literal(value, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, literal(field.value, variables)]));
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      return null;
  }
}

/** Any JSON value. */
export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: literal,
});

function wholeNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GraphQLError(`not a whole number: ${JSON.stringify(value)}`);
}

/** A whole number of up to 53 bits, where GraphQL's own Int ends at 32. */
export const LongScalar = new GraphQLScalarType({
  name: 'Long',
  description: 'A whole number of up to 53 bits.',
  serialize: wholeNumber,
  parseValue: wholeNumber,
  parseLiteral: (node) => wholeNumber(node.kind === Kind.INT ? Number(node.value) : undefined),
});

function textOrNumber(value: unknown): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new GraphQLError(`neither a number nor a string: ${JSON.stringify(value)}`);
}

/** A port or an amount that may be given as a number or as a string. */
export const IntOrStringScalar = new GraphQLScalarType({
  name: 'IntOrString',
  description: 'A number, or a string such as "25%" or "http".',
  serialize: textOrNumber,
  parseValue: textOrNumber,
  parseLiteral: (node) => textOrNumber(literal(node)),
});
