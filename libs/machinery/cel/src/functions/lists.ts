import {
  ArrayList,
  CelError,
  Duration,
  durationOf,
  equals,
  isError,
  List,
  type Meter,
  Optional,
  typeName,
  Uint,
  type Value,
} from '../values/index.js';
import { compare, intOf, uintOf } from './operators.js';
import { global, method, type Overload } from './overload.js';

const COMPARABLE = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];

function isSorted(list: List, meter: Meter): Value {
  for (let index = 1; index < list.size; index += 1) {
    const order = compare(list.at(index - 1), list.at(index), meter);
    if (typeof order === 'number' && order > 0) return false;
  }
  return true;
}

/** The first of the elements that no other precedes. */
const extreme =
  (name: string, sign: number) =>
  (list: List, meter: Meter): Value => {
    if (list.size === 0) return new CelError(`${name} called on empty list`);
    let best = list.at(0);
    for (const value of list) {
      const order = compare(best, value, meter);
      if (typeof order === 'number' && order * sign < 0) best = value;
    }
    return best;
  };

/** Adds element by element, so that an overflow in between is one. */
const summing =
  <T extends Value>(zero: T, add: (left: T, right: T) => Value) =>
  (list: List): Value => {
    let total: Value = zero;
    for (const value of list) {
      total = add(total as T, value as T);
      if (isError(total)) return total;
    }
    return total;
  };

const SUMS: Readonly<Record<string, (list: List) => Value>> = {
  int: summing(0n, (left, right) => intOf(left + right)),
  uint: summing(new Uint(0n), (left, right) => uintOf(left.value + right.value)),
  double: summing(0, (left, right) => left + right),
  duration: summing(new Duration(0n), (left, right) => durationOf(left.nanos + right.nanos)),
};

function indexOf(list: List, value: Value, meter: Meter): Value {
  for (let index = 0; index < list.size; index += 1)
    if (equals(list.at(index), value, meter) === true) return BigInt(index);
  return -1n;
}

function lastIndexOf(list: List, value: Value, meter: Meter): Value {
  for (let index = list.size - 1; index >= 0; index -= 1) {
    if (equals(list.at(index), value, meter) === true) return BigInt(index);
  }
  return -1n;
}

function slice(list: List, start: bigint, end: bigint, meter: Meter): Value {
  const call = `cannot slice(${start}, ${end})`;
  if (start < 0n || end < 0n) return new CelError(`${call}, negative indexes not supported`);
  if (start > end) return new CelError(`${call}, start index must be less than or equal to end index`);
  if (BigInt(list.size) < end) return new CelError(`${call}, list is length ${list.size}`);
  meter.work(Number(end - start));
  return new ArrayList(Array.from({ length: Number(end - start) }, (_, index) => list.at(Number(start) + index)));
}

function flattenInto(flat: Value[], list: List, depth: bigint, meter: Meter): void {
  for (const value of list) {
    meter.work(1);
    if (value instanceof List && depth > 0n) flattenInto(flat, value, depth - 1n, meter);
    else flat.push(value);
  }
}

function flatten(list: List, depth: bigint, meter: Meter): Value {
  if (depth < 0n) return new CelError('level must be non-negative');
  const flat: Value[] = [];
  flattenInto(flat, list, depth, meter);
  return new ArrayList(flat);
}

function sortByKeys(list: List, keys: List, meter: Meter): Value {
  if (list.size !== keys.size) {
    const sizes = `but got ${list.size} and ${keys.size} elements respectively`;
    return new CelError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, ${sizes}`,
    );
  }
  if (list.size === 0) return list;
  const pairs = Array.from({ length: list.size }, (_, index) => ({ key: keys.at(index), value: list.at(index) }));
  const type = typeName(pairs[0]?.key ?? null);
  if (pairs.some(({ key }) => typeName(key) !== type)) return new CelError('list elements must have the same type');
  pairs.sort((left, right) => {
    meter.work(1);
    const order = compare(left.key, right.key, meter);
    return typeof order === 'number' ? order : 0;
  });
  return new ArrayList(pairs.map(({ value }) => value));
}

function range(end: bigint, meter: Meter): Value {
  if (end <= 0n) return ArrayList.empty;
  meter.work(Number(end));
  return new ArrayList(Array.from({ length: Number(end) }, (_, index) => BigInt(index)));
}

function reverse(list: List, meter: Meter): Value {
  meter.work(list.size);
  return new ArrayList([...list].reverse());
}

function distinct(list: List, meter: Meter): Value {
  const kept: Value[] = [];
  for (const value of list) if (!kept.some((other) => equals(value, other, meter) === true)) kept.push(value);
  return new ArrayList(kept);
}

const at = (list: List, index: number): Value =>
  list.size === 0 ? Optional.none : Optional.of(list.at(index < 0 ? list.size - 1 : index));

const WIDE_NAMES: Readonly<Record<string, string>> = {
  duration: 'google.protobuf.Duration',
  timestamp: 'google.protobuf.Timestamp',
};

const comparable = (type: string): Overload[] => [
  method(`list_${type}_is_sorted_bool`, `isSorted(list(${type})) bool`, isSorted),
  method(`list_${type}_max_${type}`, `max(list(${type})) ${type}`, extreme('max', 1)),
  method(`list_${type}_min_${type}`, `min(list(${type})) ${type}`, extreme('min', -1)),
  method(`list_${WIDE_NAMES[type] ?? type}_sort`, `sort(list(${type})) list(${type})`, (list: List, meter: Meter) =>
    sortByKeys(list, list, meter),
  ),
  method(
    `list_${WIDE_NAMES[type] ?? type}_sortByAssociatedKeys`,
    `@sortByAssociatedKeys(list(T), list(${type})) list(T)`,
    sortByKeys,
  ),
];

/** Kubernetes' lists and cel-go's, version 3. */
export const LISTS: readonly Overload[] = [
  ...COMPARABLE.flatMap(comparable),
  ...Object.entries(SUMS).map(([type, sum]) => method(`list_${type}_sum_${type}`, `sum(list(${type})) ${type}`, sum)),
  method('list_a_index_of_int', 'indexOf(list(A), A) int', indexOf),
  method('list_a_last_index_of_int', 'lastIndexOf(list(A), A) int', lastIndexOf),
  method('list_slice', 'slice(list(T), int, int) list(T)', slice),
  method('list_flatten', 'flatten(list(list(T))) list(T)', (list: List, meter: Meter) => flatten(list, 1n, meter)),
  method('list_flatten_int', 'flatten(list(dyn), int) list(dyn)', flatten),
  global('lists_range', 'lists.range(int) list(int)', range),
  method('list_reverse', 'reverse(list(T)) list(T)', reverse),
  method('list_distinct', 'distinct(list(T)) list(T)', distinct),
  method('list_first', 'first(list(V)) optional_type(V)', (list: List) => at(list, 0)),
  method('list_last', 'last(list(V)) optional_type(V)', (list: List) => at(list, -1)),
];

const contains = (list: List, value: Value, meter: Meter): boolean => indexOf(list, value, meter) !== -1n;

function containsAll(list: List, other: List, meter: Meter): boolean {
  for (const value of other) if (!contains(list, value, meter)) return false;
  return true;
}

function intersects(list: List, other: List, meter: Meter): boolean {
  for (const value of list) if (contains(other, value, meter)) return true;
  return false;
}

export const SETS: readonly Overload[] = [
  global('list_sets_contains_list', 'sets.contains(list(T), list(T)) bool', containsAll),
  global('list_sets_intersects_list', 'sets.intersects(list(T), list(T)) bool', intersects),
  global(
    'list_sets_equivalent_list',
    'sets.equivalent(list(T), list(T)) bool',
    (list: List, other: List, meter: Meter) => containsAll(list, other, meter) && containsAll(other, list, meter),
  ),
];
