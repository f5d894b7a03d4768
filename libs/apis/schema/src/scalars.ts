import { formatTime, parseTime, quote } from '@binnacle/machinery-meta';
import { canonicalQuantity } from '@binnacle/machinery-quantity';
import type { ScalarType } from './types.js';

/** A value of the wrong JSON type; `value` is Go's word for what was given. */
export class WrongType extends Error {
  constructor(readonly value: string) {
    super(value);
  }
}

/** A value its type cannot take, with the whole sentence upstream says of it. */
export class BadValue extends Error {}

const INT32 = 2 ** 31;
const INT64 = 2 ** 63;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const ZERO_TIME = '0001-01-01T00:00:00Z';
const LAYOUT = '2006-01-02T15:04:05Z07:00';

/** Go's word for the type of a JSON value. */
export function wordFor(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'null' : typeof value;
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new WrongType(wordFor(value));
}

function toInteger(value: unknown, limit: number): number {
  if (typeof value !== 'number') throw new WrongType(wordFor(value));
  if (!Number.isInteger(value) || value >= limit || value < -limit) throw new WrongType(`number ${value}`);
  return value;
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new WrongType(wordFor(value));
}

function toBool(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new WrongType(wordFor(value));
}

function toBytes(value: unknown): string {
  const text = toText(value).replace(/[\r\n]/g, '');
  if (BASE64.test(text)) return text;
  throw new BadValue(`illegal base64 data at input byte ${illegalByte(text)}`);
}

/** Where Go's decoder stops: at what is no digit, or where a group of four begins that is not whole. */
function illegalByte(text: string): number {
  const digits = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0;
  const begun = digits % 4;
  if (digits === text.length) return digits - begun;
  if (text[digits] !== '=' || begun < 2) return digits;
  if (begun === 3) return digits + 1;
  if (digits + 1 === text.length) return text.length;
  return text[digits + 1] === '=' ? digits + 2 : digits;
}

function milliseconds(text: string): number {
  const time = parseTime(text);
  if (time !== undefined) return time;
  throw new BadValue(`parsing time ${quote(text)} as ${quote(LAYOUT)}: cannot parse ${quote(text)} as "2006"`);
}

/** Whole seconds in UTC; the empty string is Go's zero time. */
function toTime(value: unknown): string {
  const text = toText(value);
  return text === '' || text === ZERO_TIME ? '' : formatTime(milliseconds(text));
}

/** Six digits of a second in UTC. */
function toMicroTime(value: unknown): string {
  const text = toText(value);
  if (text === '') return '';
  const digits = /\.(\d{1,6})/.exec(text)?.[1] ?? '';
  const seconds = formatTime(milliseconds(text)).slice(0, -1);
  return `${seconds}.${digits.padEnd(6, '0')}Z`;
}

function toQuantity(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
  try {
    return canonicalQuantity(text);
  } catch (error) {
    throw new BadValue((error as Error).message);
  }
}

function toIntOrString(value: unknown): string | number {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < INT32) return value;
  const word = typeof value === 'number' ? `number ${value}` : wordFor(value);
  throw new BadValue(`json: cannot unmarshal ${word} into Go value of type int32`);
}

const READERS: Readonly<Record<ScalarType, (value: unknown) => unknown>> = {
  string: toText,
  int32: (value) => toInteger(value, INT32),
  int64: (value) => toInteger(value, INT64),
  double: toNumber,
  bool: toBool,
  bytes: toBytes,
  time: toTime,
  microTime: toMicroTime,
  quantity: toQuantity,
  intOrString: toIntOrString,
  any: (value) => value,
};

/**
 * The canonical form of a scalar, as upstream would write it back.
 * @throws WrongType or BadValue.
 */
export function readScalar(scalar: ScalarType, value: unknown): unknown {
  return READERS[scalar](value);
}

const ZEROS: Readonly<Record<ScalarType, unknown>> = {
  string: '',
  int32: 0,
  int64: 0,
  double: 0,
  bool: false,
  bytes: '',
  time: null,
  microTime: null,
  quantity: '0',
  intOrString: 0,
  any: null,
};

/** What a null element of a list or map becomes. */
export function zeroScalar(scalar: ScalarType): unknown {
  return ZEROS[scalar];
}
