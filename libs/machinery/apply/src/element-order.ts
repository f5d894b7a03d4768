import type { JsonObject } from '@binnacle/machinery-patch';

const RANKS = ['number', 'string', 'boolean', 'object'];

/** The order of scalars: numbers, texts, false and true, null. */
export function compareScalars(left: unknown, right: unknown): number {
  if (left === right) return 0;
  const rank = RANKS.indexOf(typeof left) - RANKS.indexOf(typeof right);
  if (rank !== 0) return rank;
  const [a, b] = [left as string, right as string];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The order of the keys of elements, name by name and value by value. Their members stand in order of name. */
export function compareKeys(left: JsonObject, right: JsonObject): number {
  const [a, b] = [Object.entries(left), Object.entries(right)];
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [[name, value], [otherName, otherValue]] = [a[at] as [string, unknown], b[at] as [string, unknown]];
    const order = compareScalars(name, otherName) || compareScalars(value, otherValue);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
