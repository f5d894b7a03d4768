import {
  isOpaque,
  type CelError,
  Duration,
  isError,
  noSuchOverload,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './value.js';
import { List } from './list.js';
import { CelMap } from './map.js';
import { UnstructuredList, UnstructuredMap, UnstructuredObject } from './unstructured.js';
import type { Meter } from './work.js';

/** True or false, or an error where two values cannot be compared. */
export type Equality = boolean | CelError;

const isNumeric = (value: Value): value is bigint | number | Uint =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;

/** Below zero, zero or above zero; undefined beside a NaN. Numbers compare whatever their types. */
export function compareNumbers(left: bigint | number | Uint, right: bigint | number | Uint): number | undefined {
  const [a, b] = [left instanceof Uint ? left.value : left, right instanceof Uint ? right.value : right];
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  return a < b ? -1 : Number(a > b);
}

function equalBytes(left: Uint8Array, right: Uint8Array, meter: Meter): boolean {
  meter.work(left.length);
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function equalLists(left: List, right: List, meter: Meter): Equality {
  if (left.size !== right.size) return false;
  if (left instanceof UnstructuredList && left.type.listType) return equalByKey(left, right, meter);
  for (let index = 0; index < left.size; index += 1) {
    const equal = equals(left.at(index), right.at(index), meter);
    if (equal !== true) return equal;
  }
  return true;
}

/** Lists of type `set` and `map`: their order tells nothing. */
function equalByKey(left: UnstructuredList, right: List, meter: Meter): Equality {
  meter.work(left.size);
  const ours = new Map([...left].map((value) => [left.keyOf(value), value]));
  for (const theirs of right) {
    const own = ours.get(left.keyOf(theirs));
    if (own === undefined) return false;
    const equal = equals(own, theirs, meter);
    if (equal !== true) return equal;
  }
  return true;
}

function equalMaps(left: CelMap, right: CelMap, meter: Meter): Equality {
  if (left.size !== right.size) return false;
  meter.work(left.size * 8);
  for (const key of left.keys()) {
    const [ours, theirs] = [left.find(key), right.find(key)];
    if ((ours === undefined) !== (theirs === undefined)) return false;
    const equal = ours === undefined || theirs === undefined || equals(ours, theirs, meter);
    if (equal !== true) return equal;
  }
  const objects = left instanceof UnstructuredObject && right instanceof UnstructuredObject;
  return !objects || equalHidden(left, right, meter);
}

/** Properties that no expression sees still count, where both objects have them. */
function equalHidden(left: UnstructuredObject, right: UnstructuredObject, meter: Meter): boolean {
  const both = left.hidden().filter((property) => Object.hasOwn(right.raw, property));
  return both.every((property) => equalJson(left.raw[property], right.raw[property], meter));
}

function equalJson(left: unknown, right: unknown, meter: Meter): boolean {
  meter.work(1);
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const [ours, theirs] = [Object.entries(left), new Map(Object.entries(right))];
  return ours.length === theirs.size && ours.every(([key, value]) => equalJson(value, theirs.get(key), meter));
}

function equalOptionals(left: Optional, right: Optional, meter: Meter): Equality {
  if (left.value === undefined || right.value === undefined) return left.value === right.value;
  return equals(left.value, right.value, meter);
}

type Comparison = readonly [
  is: (value: Value) => boolean,
  equal: (left: never, right: never, meter: Meter) => Equality,
];

const kindOf =
  <T extends Value>(type: abstract new (...parts: never[]) => T) =>
  (value: Value): boolean =>
    value instanceof type;

const COMPARISONS: readonly Comparison[] = [
  [kindOf(Uint8Array), equalBytes],
  [kindOf(List), equalLists],
  [kindOf(CelMap), equalMaps],
  [kindOf(Duration), (left: Duration, right: Duration) => left.nanos === right.nanos],
  [kindOf(Timestamp), (left: Timestamp, right: Timestamp) => left.nanos === right.nanos],
  [kindOf(TypeValue), (left: TypeValue, right: TypeValue) => left.name === right.name],
  [(value) => value instanceof Optional, equalOptionals],
];

const fromObject = (value: Value): boolean =>
  value instanceof UnstructuredList || value instanceof UnstructuredMap || value instanceof UnstructuredObject;

/** Behaves as cel-go common/types Equal: numbers by value, values of different types differ. */
export function equals(left: Value, right: Value, meter: Meter): Equality {
  meter.work(1);
  if (typeof left !== 'string' || typeof right !== 'string') return equalAny(left, right, meter);
  if (left.length !== right.length) return false;
  meter.work(left.length / 64);
  return left === right;
}

function equalAny(left: Value, right: Value, meter: Meter): Equality {
  if (left === null || right === null) return left === right;
  if (isError(left)) return left;
  if (isError(right)) return right;
  return isNumeric(left) || typeof left !== 'object' ? equalPlain(left, right) : equalParts(left, right, meter);
}

function equalPlain(left: Value, right: Value): boolean {
  if (isNumeric(left)) return isNumeric(right) && compareNumbers(left, right) === 0;
  return left === right;
}

function equalParts(left: Value, right: Value, meter: Meter): Equality {
  if (isOpaque(left)) return (isOpaque(right) ? left.equals(right) : undefined) ?? noSuchOverload();
  const comparison = COMPARISONS.find(([is]) => is(left));
  if (comparison?.[0](right)) return comparison[1](left as never, right as never, meter);
  return fromObject(left) ? noSuchOverload() : false;
}
