import { CelError, type Value } from './value.js';
import { parseDate, parseDuration, parseTimestamp } from './time.js';
import type { CelType } from '../types/index.js';
import { decodeBase64 } from './bytes.js';

type Reader = (raw: unknown) => Value;

const invalid = (wanted: string, raw: unknown): CelError =>
  new CelError(`invalid data, expected ${wanted}, got ${describe(raw)}`);

/** What upstream's decoder would have made of it. */
function describe(raw: unknown): string {
  if (typeof raw === 'string') return 'string';
  if (typeof raw === 'boolean') return 'bool';
  if (typeof raw === 'number') return Number.isInteger(raw) ? 'int64' : 'float64';
  return Array.isArray(raw) ? '[]interface {}' : 'map[string]interface {}';
}

function readInt(raw: unknown): Value {
  if (typeof raw === 'number' && Number.isInteger(raw)) return BigInt.asIntN(64, BigInt(raw));
  return typeof raw === 'bigint' ? BigInt.asIntN(64, raw) : invalid('int', raw);
}

function readDouble(raw: unknown): Value {
  return typeof raw === 'number' || typeof raw === 'bigint' ? Number(raw) : invalid('float', raw);
}

function readText(read: (text: string) => Value): Reader {
  return (raw) => (typeof raw === 'string' ? read(raw) : invalid('string', raw));
}

const readBytes = (text: string): Value => decodeBase64(text) ?? new CelError(`Invalid byte formatted string ${text}`);

const readDuration = (text: string): Value =>
  parseDuration(text) ?? new CelError(`Invalid duration ${text}: unable to parse ${text} as duration`);

/** Dates are timestamps too. A time without a zone is one in UTC. */
const readTimestamp = (text: string): Value =>
  parseTimestamp(text) ??
  parseDate(text) ??
  parseTimestamp(`${text}Z`) ??
  new CelError(`Invalid date-time formatted string ${text}`);

function readDyn(raw: unknown): Value {
  if (typeof raw === 'number') return Number.isSafeInteger(raw) ? BigInt(raw) : raw;
  const known = typeof raw === 'string' || typeof raw === 'boolean' || typeof raw === 'bigint';
  return known ? raw : invalid('a value', raw);
}

const READERS: Partial<Record<CelType['kind'], Reader>> = {
  bool: (raw) => (typeof raw === 'boolean' ? raw : invalid('bool', raw)),
  int: readInt,
  double: readDouble,
  string: readText((text) => text),
  bytes: readText(readBytes),
  duration: readText(readDuration),
  timestamp: readText(readTimestamp),
  dyn: readDyn,
};

/** Reads a plain JSON value as a type without parts. An error is what upstream says of data that its schema refuses. */
export function readScalar(raw: unknown, kind: CelType['kind']): Value {
  return READERS[kind]?.(raw) ?? new CelError(`no value of type ${kind} comes from an object`);
}
