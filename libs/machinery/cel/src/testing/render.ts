import {
  CelMap,
  Duration,
  formatDouble,
  formatTimestamp,
  isOpaque,
  List,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from '../values/index.js';

const OPAQUE: Readonly<Record<string, string>> = {
  'kubernetes.Quantity': 'quantity',
  'net.IP': 'ip',
  'net.CIDR': 'cidr',
  'kubernetes.URL': 'url',
  'kubernetes.Semver': 'semver',
  'kubernetes.NamedFormat': 'format',
};

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const renderMap = (map: CelMap): string => {
  const entries = map.keys().map((key) => `${render(key)}: ${render(map.find(key) ?? null)}`);
  return `{${entries.sort().join(', ')}}`;
};

const is =
  <T extends Value>(type: abstract new (...parts: never[]) => T, write: (value: T) => string) =>
  (value: Value): string | undefined =>
    value instanceof type ? write(value as T) : undefined;

const FORMS: readonly ((value: Value) => string | undefined)[] = [
  (value) => (typeof value === 'string' ? JSON.stringify(value) : undefined),
  (value) => (typeof value === 'number' ? `double(${formatDouble(value)})` : undefined),
  is(Uint, ({ value }) => `${value}u`),
  is(Uint8Array, (bytes) => `bytes(${hex(bytes)})`),
  is(Duration, ({ nanos }) => `duration(${nanos})`),
  is(Timestamp, (time) => `timestamp(${formatTimestamp(time)})`),
  is(TypeValue, ({ name }) => `type(${name})`),
  is(List, (list) => `[${[...list].map(render).join(', ')}]`),
  is(CelMap, renderMap),
  (value) =>
    value instanceof Optional ? (value.value === undefined ? 'none' : `optional(${render(value.value)})`) : undefined,
  (value) =>
    value !== null && isOpaque(value)
      ? `${OPAQUE[value.typeName]}(${'name' in value ? value.name : value})`
      : undefined,
];

/** A value as the cases write it: each type by a form of its own. */
export function render(value: Value): string {
  for (const form of FORMS) {
    const text = form(value);
    if (text !== undefined) return text;
  }
  return String(value);
}
