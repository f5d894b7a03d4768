import {
  ArrayList,
  CelError,
  CelMap,
  Duration,
  GrowingMap,
  HashMap,
  isError,
  List,
  type Meter,
  Optional,
  Timestamp,
  Uint,
  type Value,
} from '../values/index.js';
import { global, method, type Overload } from './overload.js';

const ZEROS = new Set<Value>([null, false, 0, 0n, '']);

function isZero(value: Value): boolean {
  if (ZEROS.has(value)) return true;
  if (value instanceof Uint8Array) return value.length === 0;
  if (value instanceof List || value instanceof CelMap) return value.size === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration || value instanceof Timestamp) return value.nanos === 0n;
  return value instanceof Optional && (value.value === undefined || isZero(value.value));
}

function unwrap(list: List): Value {
  const values: Value[] = [];
  for (const value of list) {
    if (!(value instanceof Optional)) return new CelError(`value ${String(value)} is not optional`);
    if (value.value !== undefined) values.push(value.value);
  }
  return new ArrayList(values);
}

function insert(map: CelMap, key: Value, value: Value, meter: Meter): Value {
  meter.work(1);
  if (map instanceof GrowingMap) return map.insert(key, value);
  const grown = new GrowingMap();
  for (const own of map.keys()) grown.insert(own, map.find(own) ?? null);
  return grown.insert(key, value);
}

function insertAll(map: CelMap, other: CelMap, meter: Meter): Value {
  let result: Value = map;
  for (const key of other.keys()) {
    if (isError(result)) return result;
    result = insert(result as CelMap, key, other.find(key) ?? null, meter);
  }
  return other.size === 0 ? (map ?? HashMap.empty) : result;
}

export const OPTIONALS: readonly Overload[] = [
  global('optional_of', 'optional.of(V) optional_type(V)', (value: Value) => Optional.of(value)),
  global('optional_ofNonZeroValue', 'optional.ofNonZeroValue(V) optional_type(V)', (value: Value) =>
    isZero(value) ? Optional.none : Optional.of(value),
  ),
  global('optional_none', 'optional.none() optional_type(V)', () => Optional.none),
  method('optional_value', 'value(optional_type(V)) V', ({ value }: Optional) =>
    value === undefined ? new CelError('optional.none() dereference') : value,
  ),
  method('optional_hasValue', 'hasValue(optional_type(V)) bool', ({ value }: Optional) => value !== undefined),
  method('optional_or_optional', 'or(optional_type(V), optional_type(V)) optional_type(V)'),
  method('optional_orValue_value', 'orValue(optional_type(V), V) V'),
  global('optional_unwrap', 'optional.unwrap(list(optional_type(V))) list(V)', unwrap),
  method('optional_unwrapOpt', 'unwrapOpt(list(optional_type(V))) list(V)', unwrap),
  global('@mapInsert_map_key_value', 'cel.@mapInsert(map(K, V), K, V) map(K, V)', insert),
  global('@mapInsert_map_map', 'cel.@mapInsert(map(K, V), map(K, V)) map(K, V)', insertAll),
];
