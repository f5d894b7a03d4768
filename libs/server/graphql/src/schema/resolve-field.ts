import { getNamedType, type GraphQLFieldResolver, isLeafType } from 'graphql';
import type { Budget } from '../cost/budget.js';
import { POINTS } from '../cost/limits.js';
import type { Found, GraphqlRequest, Located } from '../request.js';
import { locate, locating } from '../related-objects.js';

/** So many items of a list are answered at once where there is room; each of the rest has a turn of its own. */
const AT_ONCE = 8;

interface Making<S, T> {
  readonly points: (item: S) => number;
  readonly make: (item: S) => T;
}

/** The items of a list, made one by one as the event loop has room for each. */
export function inTurn<S, T>(budget: Budget, items: readonly S[], { points, make }: Making<S, T>): (T | Promise<T>)[] {
  const { lane } = budget;
  return items.map((item, at) => {
    if (at < AT_ONCE && lane.hasRoom()) {
      lane.spend(points(item));
      return make(item);
    }
    return new Promise<T>((resolve, reject) => {
      lane.later(points(item), () => {
        try {
          resolve(make(item));
        } catch (error) {
          reject(error);
        }
      });
    });
  });
}

/** Objects to be told: each is parsed when its turn has come, and kept only until then. */
export function located(
  { budget }: GraphqlRequest,
  found: readonly (Found | Located)[],
): (Located | Promise<Located>)[] {
  return inTurn(budget, found, {
    points: (item) => ('stored' in item ? locating(item) : POINTS.field),
    make: (item) => {
      if (!('stored' in item)) return item;
      budget.parse(item.stored.body.length);
      return locate(item);
    },
  });
}

function valueOf(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return undefined;
  return (source as Record<string, unknown>)[name];
}

/** A field that is told as it stands in the object: charged, and in turn where it is a list. */
export const resolveField: GraphQLFieldResolver<unknown, GraphqlRequest> = (source, _args, { budget }, info) => {
  budget.field();
  const value = valueOf(source, info.fieldName);
  if (!Array.isArray(value)) return value;
  budget.scan(value.length);
  budget.lane.spend(value.length);
  if (isLeafType(getNamedType(info.returnType))) return value;
  return inTurn(budget, value as readonly unknown[], { points: () => POINTS.field, make: (item) => item });
};
