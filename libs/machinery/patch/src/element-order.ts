import { getMember, type JsonObject } from './json.js';

/** What tells an element apart: its merge key's value, or the element itself where it is a scalar. */
export type Identify = (element: unknown) => unknown;

export function identifyBy(mergeKey: string | undefined): Identify {
  return mergeKey === undefined ? (element) => element : (element) => getMember(element as JsonObject, mergeKey);
}

/** Position by identity; the first of equals counts. */
function positions(order: readonly unknown[], identify: Identify): Map<unknown, number> {
  const result = new Map<unknown, number>();
  for (const [index, element] of order.entries()) {
    const id = identify(element);
    if (!result.has(id)) result.set(id, index);
  }
  return result;
}

function sortedBy(elements: readonly unknown[], order: Map<unknown, number>, identify: Identify): unknown[] {
  const rank = (element: unknown): number => order.get(identify(element)) ?? Number.MAX_SAFE_INTEGER;
  return [...elements].sort((left, right) => rank(left) - rank(right));
}

/**
 * Orders a merged list: elements the client named stand in the client's order, the rest in the server's, and between
 * the two the server's order decides where it knows both; else the client's element comes first.
 */
export function orderElements(
  merged: readonly unknown[],
  clientOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  identify: Identify,
): unknown[] {
  const client = positions(clientOrder, identify);
  const server = positions(serverOrder, identify);
  const named = merged.filter((element) => client.has(identify(element)));
  const rest = merged.filter((element) => !client.has(identify(element)));
  return interleave(sortedBy(rest, server, identify), sortedBy(named, client, identify), server, identify);
}

function interleave(left: unknown[], right: unknown[], order: Map<unknown, number>, identify: Identify): unknown[] {
  const result: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const [a, b] = [order.get(identify(left[i])), order.get(identify(right[j]))];
    const leftFirst = a !== undefined && b !== undefined && a < b;
    result.push(leftFirst ? left[i++] : right[j++]);
  }
  return [...result, ...left.slice(i), ...right.slice(j)];
}
