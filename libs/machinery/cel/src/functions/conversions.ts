import {
  CelError,
  costSize,
  decodeUtf8,
  type Duration,
  encodeUtf8,
  formatDouble,
  formatDuration,
  formatTimestamp,
  isError,
  type Meter,
  parseDuration,
  parseTimestamp,
  type Timestamp,
  timestampOf,
  timestampOfSeconds,
  TypeValue,
  typeName,
  type Uint,
  type Value,
} from '../values/index.js';
import { intOf, uintOf } from './operators.js';
import { global, method, type Overload } from './overload.js';

const cannot = (from: string, to: string): CelError => new CelError(`type conversion error from '${from}' to '${to}'`);
const same = (value: Value): Value => value;

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

function toBool(text: string): Value {
  return TRUE.has(text) || (FALSE.has(text) ? false : cannot('string', 'bool'));
}

const MAX_DIGITS = 64;

function textToInt(text: string): Value {
  const value =
    /^[+-]?\d+$/.test(text) && text.length <= MAX_DIGITS ? intOf(BigInt(text.replace(/^\+/, ''))) : undefined;
  return value === undefined || isError(value) ? cannot('string', 'int') : value;
}

function textToUint(text: string): Value {
  const value = /^\d+$/.test(text) && text.length <= MAX_DIGITS ? uintOf(BigInt(text)) : undefined;
  return value === undefined || isError(value) ? cannot('string', 'uint') : value;
}

const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)(?:inf|infinity)$/i;

function textToDouble(text: string): Value {
  const infinite = INFINITE.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '');
  const value = FLOAT.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : cannot('string', 'double');
}

/** Doubles at the very ends are refused too: they may have been rounded to there. */
function doubleToInt(value: number): Value {
  const fits = Math.abs(value) < 2 ** 63;
  return fits ? BigInt(Math.trunc(value)) : new CelError('integer overflow');
}

function doubleToUint(value: number): Value {
  const fits = value >= 0 && value < 2 ** 64;
  return fits ? uintOf(BigInt(Math.trunc(value))) : new CelError('unsigned integer overflow');
}

const SECOND = 1_000_000_000n;

function unixSeconds({ nanos }: Timestamp): bigint {
  return nanos < 0n && nanos % SECOND !== 0n ? nanos / SECOND - 1n : nanos / SECOND;
}

function toTimestamp(text: string): Value {
  const parsed = parseTimestamp(text);
  return parsed ? timestampOf(parsed.nanos, parsed.offset) : cannot('string', 'google.protobuf.Timestamp');
}

const toDuration = (text: string): Value => parseDuration(text) ?? cannot('string', 'google.protobuf.Duration');

const toInt: readonly Overload[] = [
  global('int64_to_int64', 'int(int) int', same),
  global('double_to_int64', 'int(double) int', doubleToInt),
  global('duration_to_int64', 'int(duration) int', (value: Duration) => value.nanos),
  global('string_to_int64', 'int(string) int', textToInt),
  global('timestamp_to_int64', 'int(timestamp) int', unixSeconds),
  global('uint64_to_int64', 'int(uint) int', (value: Uint) => intOf(value.value)),
];

const toNumbers: readonly Overload[] = [
  global('uint64_to_uint64', 'uint(uint) uint', same),
  global('double_to_uint64', 'uint(double) uint', doubleToUint),
  global('int64_to_uint64', 'uint(int) uint', (value: bigint) => uintOf(value)),
  global('string_to_uint64', 'uint(string) uint', textToUint),
  global('double_to_double', 'double(double) double', same),
  global('int64_to_double', 'double(int) double', (value: bigint) => Number(value)),
  global('string_to_double', 'double(string) double', textToDouble),
  global('uint64_to_double', 'double(uint) double', (value: Uint) => Number(value.value)),
];

const toText: readonly Overload[] = [
  global('string_to_string', 'string(string) string', same),
  global('bool_to_string', 'string(bool) string', (value: boolean) => String(value)),
  global(
    'bytes_to_string',
    'string(bytes) string',
    (value: Uint8Array) => decodeUtf8(value) ?? new CelError('invalid UTF-8 in bytes, cannot convert to string'),
  ),
  global('double_to_string', 'string(double) string', formatDouble),
  global('duration_to_string', 'string(duration) string', formatDuration),
  global('int64_to_string', 'string(int) string', (value: bigint) => String(value)),
  global('timestamp_to_string', 'string(timestamp) string', (value: Timestamp) => formatTimestamp(value)),
  global('uint64_to_string', 'string(uint) string', (value: Uint) => String(value.value)),
];

const toTimes: readonly Overload[] = [
  global('duration_to_duration', 'duration(duration) duration', same),
  global('int64_to_duration', 'duration(int) duration', () => cannot('int', 'google.protobuf.Duration')),
  global('string_to_duration', 'duration(string) duration', toDuration),
  global('timestamp_to_timestamp', 'timestamp(timestamp) timestamp', same),
  global('int64_to_timestamp', 'timestamp(int) timestamp', (seconds: bigint) => timestampOfSeconds(seconds)),
  global('string_to_timestamp', 'timestamp(string) timestamp', toTimestamp),
];

const size = (value: Value, meter: Meter): Value => BigInt(costSize(value, meter));

export const CONVERSIONS: readonly Overload[] = [
  global('bool_to_bool', 'bool(bool) bool', same),
  global('string_to_bool', 'bool(string) bool', toBool),
  global('bytes_to_bytes', 'bytes(bytes) bytes', same),
  global('string_to_bytes', 'bytes(string) bytes', encodeUtf8),
  global('to_dyn', 'dyn(A) dyn', same),
  global('type', 'type(A) type(A)', (value: Value) => new TypeValue(typeName(value))),
  ...toInt,
  ...toNumbers,
  ...toText,
  ...toTimes,
  ...['bytes', 'list(A)', 'map(A, B)', 'string'].flatMap((type) => [
    global(`size_${type.split('(')[0]}`, `size(${type}) int`, size),
    method(`${type.split('(')[0]}_size`, `size(${type}) int`, size),
  ]),
];
