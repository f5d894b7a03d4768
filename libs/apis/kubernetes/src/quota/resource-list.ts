import type { Quantity } from '@binnacle/machinery-meta';
import { addQuantities, compareQuantities, subtractQuantities } from '@binnacle/machinery-quantity';

/** Amounts by what they are of. Behaves as kubernetes apiserver pkg/quota/v1. */
export type ResourceList = Readonly<Record<string, Quantity>>;

const from = (entries: Iterable<readonly [string, Quantity]>): ResourceList => Object.fromEntries(entries);
/** Names come from clients: what an object of no fields has is no amount. */
export const amountOf = (list: ResourceList, name: string): Quantity | undefined =>
  Object.hasOwn(list, name) ? list[name] : undefined;

export function addLists(one: ResourceList, other: ResourceList): ResourceList {
  return {
    ...one,
    ...from(Object.entries(other).map(([name, more]) => [name, addQuantities(amountOf(one, name), more)])),
  };
}

/** Only these names. */
export function mask(list: ResourceList, names: Iterable<string>): ResourceList {
  const wanted = new Set(names);
  return from(Object.entries(list).filter(([name]) => wanted.has(name)));
}

/** What one is more than the other; never below nothing. */
export function excess(one: ResourceList, other: ResourceList): ResourceList {
  const names = Object.keys({ ...one, ...other });
  return from(
    names.map((name) => {
      const left = subtractQuantities(amountOf(one, name), amountOf(other, name));
      return [name, compareQuantities(left, '0') > 0 ? left : '0'];
    }),
  );
}

export function withoutZeros(list: ResourceList): ResourceList {
  return from(Object.entries(list).filter(([, amount]) => compareQuantities(amount, '0') !== 0));
}

/** The names of which there is more than may be. What has no bound is not among them. */
export function exceeded(list: ResourceList, bounds: ResourceList): string[] {
  return Object.keys(list).filter((name) => {
    const bound = amountOf(bounds, name);
    return bound !== undefined && compareQuantities(list[name], bound) > 0;
  });
}

export function equalLists(one: ResourceList, other: ResourceList): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    const amount = amountOf(other, name);
    return amount !== undefined && compareQuantities(one[name], amount) === 0;
  });
}

/** `cpu=1,memory=2Gi`, in the order of names. */
export function written(list: ResourceList): string {
  const names = Object.keys(list).sort();
  return names.map((name) => `${name}=${list[name]}`).join(',');
}
