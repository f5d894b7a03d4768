import { List } from './list.js';
import { CelMap } from './map.js';
import { formatDuration, formatTimestamp } from './time.js';
import { Duration, isOpaque, Optional, Timestamp, TypeValue, Uint, type Value } from './value.js';

/** A double as Go's `%g` writes it. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [, digits = '', exponent = '0'] = /^(.*)e(.*)$/.exec(value.toExponential()) ?? [];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return value.toString();
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

const TYPE_NAMES: readonly (readonly [is: (value: Value) => boolean, name: string])[] = [
  [(value) => value === null, 'null_type'],
  [(value) => typeof value === 'boolean', 'bool'],
  [(value) => typeof value === 'bigint', 'int'],
  [(value) => typeof value === 'number', 'double'],
  [(value) => typeof value === 'string', 'string'],
  [(value) => value instanceof Uint, 'uint'],
  [(value) => value instanceof Uint8Array, 'bytes'],
  [(value) => value instanceof Timestamp, 'google.protobuf.Timestamp'],
  [(value) => value instanceof Duration, 'google.protobuf.Duration'],
  [(value) => value instanceof List, 'list'],
  [(value) => value instanceof CelMap, 'map'],
  [(value) => value instanceof TypeValue, 'type'],
  [(value) => value instanceof Optional, 'optional_type'],
];

/** The name of a value's type. */
export function typeName(value: Value): string {
  if (isOpaque(value)) return value.typeName;
  return TYPE_NAMES.find(([is]) => is(value))?.[1] ?? 'error';
}

/** A key or an index in an error message. */
export function describeKey(key: Value): string {
  if (key === null) return 'null';
  if (key instanceof Uint) return String(key.value);
  if (typeof key === 'number') return formatDouble(key);
  if (key instanceof Duration) return formatDuration(key);
  if (key instanceof Timestamp) return formatTimestamp(key);
  return typeof key === 'object' ? typeName(key) : String(key);
}
