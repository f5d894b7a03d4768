import {
  type CelMap,
  CelError,
  compareNumbers,
  Duration,
  durationOf,
  equals,
  isError,
  type List,
  type Meter,
  Timestamp,
  timestampOf,
  Uint,
  type Value,
} from '../values/index.js';
import { global, type Overload } from './overload.js';

const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

const INT_OVERFLOW = new CelError('integer overflow');
const UINT_OVERFLOW = new CelError('unsigned integer overflow');
const DIVISION_BY_ZERO = new CelError('division by zero');
const MODULUS_BY_ZERO = new CelError('modulus by zero');
const NOT_ORDERED = new CelError('NaN values cannot be ordered');

export const intOf = (value: bigint): bigint | CelError => (value < MIN_INT || value > MAX_INT ? INT_OVERFLOW : value);

export const uintOf = (value: bigint): Uint | CelError =>
  value < 0n || value > MAX_UINT ? UINT_OVERFLOW : new Uint(value);

type IntOperation = (left: bigint, right: bigint) => bigint | CelError;

const divide: IntOperation = (left, right) => (right === 0n ? DIVISION_BY_ZERO : left / right);
const modulo: IntOperation = (left, right) => {
  if (right === 0n) return MODULUS_BY_ZERO;
  return left === MIN_INT && right === -1n ? INT_OVERFLOW : left % right;
};

const ints = (operation: IntOperation) => (left: bigint, right: bigint) => {
  const result = operation(left, right);
  return isError(result) ? result : intOf(result);
};

const uints = (operation: IntOperation) => (left: Uint, right: Uint) => {
  const result = operation(left.value, right.value);
  return isError(result) ? result : uintOf(result);
};

const onInts = (name: string, word: string, operation: IntOperation): Overload =>
  global(`${word}_int64`, `_${name}_(int, int) int`, ints(operation));
const onUints = (name: string, word: string, operation: IntOperation): Overload =>
  global(`${word}_uint64`, `_${name}_(uint, uint) uint`, uints(operation));
const onDoubles = (name: string, word: string, operation: (left: number, right: number) => number): Overload =>
  global(`${word}_double`, `_${name}_(double, double) double`, operation);

function addBytes(left: Uint8Array, right: Uint8Array, meter: Meter): Uint8Array {
  meter.work(left.length + right.length);
  const sum = new Uint8Array(left.length + right.length);
  sum.set(left);
  sum.set(right, left.length);
  return sum;
}

function addStrings(left: string, right: string, meter: Meter): string {
  meter.work((left.length + right.length) / 8);
  return left + right;
}

function addLists(left: List, right: List, meter: Meter): List {
  meter.work(right.size + 1);
  return left.concat(right);
}

const later = (time: Timestamp, by: bigint): Value => timestampOf(time.nanos + by, time.offset);

const add: IntOperation = (left, right) => left + right;
const subtract: IntOperation = (left, right) => left - right;
const multiply: IntOperation = (left, right) => left * right;

// The order is upstream's: of arguments whose types are open, the first that fits decides.
const ADDITION: readonly Overload[] = [
  global('add_bytes', '_+_(bytes, bytes) bytes', addBytes),
  onDoubles('+', 'add', (left, right) => left + right),
  global('add_duration_duration', '_+_(duration, duration) duration', (left: Duration, right: Duration) =>
    durationOf(left.nanos + right.nanos),
  ),
  global('add_duration_timestamp', '_+_(duration, timestamp) timestamp', (by: Duration, time: Timestamp) =>
    later(time, by.nanos),
  ),
  global('add_timestamp_duration', '_+_(timestamp, duration) timestamp', (time: Timestamp, by: Duration) =>
    later(time, by.nanos),
  ),
  onInts('+', 'add', add),
  global('add_list', '_+_(list(A), list(A)) list(A)', addLists),
  global('add_string', '_+_(string, string) string', addStrings),
  onUints('+', 'add', add),
];

const SUBTRACTION: readonly Overload[] = [
  onDoubles('-', 'subtract', (left, right) => left - right),
  global('subtract_duration_duration', '_-_(duration, duration) duration', (left: Duration, right: Duration) =>
    durationOf(left.nanos - right.nanos),
  ),
  onInts('-', 'subtract', subtract),
  global('subtract_timestamp_duration', '_-_(timestamp, duration) timestamp', (time: Timestamp, by: Duration) =>
    later(time, -by.nanos),
  ),
  global('subtract_timestamp_timestamp', '_-_(timestamp, timestamp) duration', (left: Timestamp, right: Timestamp) =>
    durationOf(left.nanos - right.nanos),
  ),
  onUints('-', 'subtract', subtract),
];

const OTHER_ARITHMETIC: readonly Overload[] = [
  onDoubles('*', 'multiply', (left, right) => left * right),
  onInts('*', 'multiply', multiply),
  onUints('*', 'multiply', multiply),
  onDoubles('/', 'divide', (left, right) => left / right),
  onInts('/', 'divide', divide),
  onUints('/', 'divide', divide),
  onInts('%', 'modulo', modulo),
  onUints('%', 'modulo', modulo),
  global('negate_double', '-_(double) double', (value: number) => -value),
  global('negate_int64', '-_(int) int', (value: bigint) => intOf(-value)),
  global('logical_not', '!_(bool) bool', (value: boolean) => !value),
];

type Ordered = string | boolean | Uint8Array | Timestamp | Duration | bigint | number | Uint;

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 ? Math.sign(left.length - right.length) : Math.sign((left[at] ?? 0) - (right[at] ?? -1));
}

const sign = (less: boolean, more: boolean): number => (less ? -1 : Number(more));

function compareParts(left: Ordered, right: Ordered, meter: Meter): number | undefined {
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    meter.work(Math.min(left.length, right.length));
    return compareBytes(left, right);
  }
  if (left instanceof Timestamp && right instanceof Timestamp)
    return sign(left.nanos < right.nanos, left.nanos > right.nanos);
  if (left instanceof Duration && right instanceof Duration)
    return sign(left.nanos < right.nanos, left.nanos > right.nanos);
  return undefined;
}

/** Halves of pairs stand above all other characters, as in UTF-8. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Texts in the order of their UTF-8 bytes. */
function compareStrings(left: string, right: string, meter: Meter): number {
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  meter.work(1 + at / 16);
  if (at === length) return Math.sign(left.length - right.length);
  return Math.sign(rank(left.charCodeAt(at)) - rank(right.charCodeAt(at)));
}

const isNumber = (value: Value): value is bigint | number | Uint =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;

/** Below zero, zero or above zero; an error where the two have no order. */
export function compare(left: Value, right: Value, meter: Meter): number | CelError {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) ?? NOT_ORDERED;
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right, meter);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return compareParts(left as Ordered, right as Ordered, meter) ?? new CelError('no such overload');
}

/** Pairs that have an order, as upstream lists them. */
const ORDERED =
  'bool bool,int int,int double,int uint,uint uint,uint double,uint int,double double,double int,double uint,' +
  'string string,bytes bytes,timestamp timestamp,duration duration';
const WIDE: Readonly<Record<string, string>> = { int: 'int64', uint: 'uint64' };

function ordering(operator: string, word: string, holds: (order: number) => boolean): Overload[] {
  const invoke = (left: Value, right: Value, meter: Meter): Value => {
    const order = compare(left, right, meter);
    return isError(order) ? order : holds(order);
  };
  return ORDERED.split(',').map((pair) => {
    const types = pair.split(' ');
    const id = [...new Set(types)].map((type) => WIDE[type] ?? type).join('_');
    return global(`${word}_${id}`, `_${operator}_(${types.join(', ')}) bool`, invoke);
  });
}

function isInList(value: Value, list: List, meter: Meter): Value {
  for (const element of list) if (equals(value, element, meter) === true) return true;
  return false;
}

function isInMap(key: Value, map: CelMap): Value {
  const found = map.holds(key);
  return found !== undefined && isError(found) ? found : found !== undefined;
}

/** What the evaluator does itself stands here for the checker only. */
const SPECIAL: readonly Overload[] = [
  global('conditional', '_?_:_(bool, A, A) A'),
  global('logical_and', '_&&_(bool, bool) bool'),
  global('logical_or', '_||_(bool, bool) bool'),
  global('equals', '_==_(A, A) bool'),
  global('not_equals', '_!=_(A, A) bool'),
  global('not_strictly_false', '@not_strictly_false(bool) bool'),
  global('index_list', '_[_](list(A), int) A'),
  global('index_map', '_[_](map(A, B), A) B'),
  global('optional_list_index_int', '_[_](optional_type(list(V)), int) optional_type(V)'),
  global('optional_map_index_value', '_[_](optional_type(map(K, V)), K) optional_type(V)'),
  global('list_optindex_optional_int', '_[?_](list(V), int) optional_type(V)'),
  global('optional_list_optindex_optional_int', '_[?_](optional_type(list(V)), int) optional_type(V)'),
  global('map_optindex_optional_value', '_[?_](map(K, V), K) optional_type(V)'),
  global('optional_map_optindex_optional_value', '_[?_](optional_type(map(K, V)), K) optional_type(V)'),
];

export const OPERATORS: readonly Overload[] = [
  ...SPECIAL,
  ...ADDITION,
  ...SUBTRACTION,
  ...OTHER_ARITHMETIC,
  ...ordering('<', 'less', (order) => order < 0),
  ...ordering('<=', 'less_equals', (order) => order <= 0),
  ...ordering('>', 'greater', (order) => order > 0),
  ...ordering('>=', 'greater_equals', (order) => order >= 0),
  global('in_list', '@in(A, list(A)) bool', isInList),
  global('in_map', '@in(A, map(A, B)) bool', isInMap),
];
