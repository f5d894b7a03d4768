import {
  __Schema,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { Budget } from '../cost/budget.js';
import { POINTS } from '../cost/limits.js';
import type { GraphqlRequest } from '../request.js';
import { inTurn } from '../schema/resolve-field.js';

/** What is usually told of one field or value of a type: its name, its type, its arguments. */
const TOLD = 10;

/** Resolvers that are ours already. */
const shared = new WeakSet<object>();

function membersOf(type: GraphQLNamedType): number {
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return Object.keys(type.getFields()).length;
  return isEnumType(type) ? type.getValues().length : 0;
}

/**
 * Lets introspection of the whole schema take turns as every other list does. The resolver belongs to graphql itself, where
 * there is no other way in; lists asked for without a budget are answered as before.
 */
export function shareIntrospection(): void {
  const { types } = __Schema.getFields();
  if (!types?.resolve) return;
  const known = types.resolve as GraphQLFieldResolver<unknown, Partial<GraphqlRequest> | undefined>;
  if (shared.has(known)) return;
  const inTurns: typeof known = (source, args, request, info) => {
    const all = known(source, args, request, info) as readonly GraphQLNamedType[];
    const budget = request?.budget;
    if (!(budget instanceof Budget)) return all;
    const points = (type: GraphQLNamedType) => (1 + membersOf(type)) * TOLD * POINTS.field;
    const make = (type: GraphQLNamedType) => {
      budget.charge(points(type));
      return type;
    };
    return inTurn(budget, all, { points, make });
  };
  shared.add(inTurns);
  types.resolve = inTurns;
}
