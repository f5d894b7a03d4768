import { CelError, Duration, Timestamp } from './value.js';

const SECOND = 1_000_000_000n;
const MILLI = 1_000_000n;
const MIN_SECONDS = -62135596800n;
const MAX_SECONDS = 253402300799n;
const MAX_INT64 = 2n ** 63n - 1n;

export const TIMESTAMP_OVERFLOW = new CelError('timestamp overflow');
export const DURATION_OVERFLOW = new CelError('duration overflow');

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: MILLI,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};
const DURATION = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/;
const PART = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g;
const MAX_DURATION_LENGTH = 256;

function partNanos([, whole, fraction = '', unit = '']: RegExpMatchArray): bigint {
  const scale = UNITS[unit] ?? 1n;
  return BigInt(whole || '0') * scale + (BigInt(fraction || '0') * scale) / 10n ** BigInt(fraction.length);
}

const fitsInt64 = (nanos: bigint): boolean => nanos >= -MAX_INT64 - 1n && nanos <= MAX_INT64;

/** Reads `1h30m`, `-1.5s`; undefined where it is none. */
export function parseDuration(text: string): Duration | undefined {
  const match = text.length > MAX_DURATION_LENGTH ? null : DURATION.exec(text);
  if (!match) return undefined;
  const nanos = [...(match[2] ?? '').matchAll(PART)].reduce((sum, part) => sum + partNanos(part), 0n);
  const signed = match[1] === '-' ? -nanos : nanos;
  return fitsInt64(signed) ? new Duration(signed) : undefined;
}

export function durationOf(nanos: bigint): Duration | CelError {
  return fitsInt64(nanos) ? new Duration(nanos) : DURATION_OVERFLOW;
}

export function timestampOf(nanos: bigint, offset = 0): Timestamp | CelError {
  const seconds = floorDivide(nanos, SECOND);
  return seconds < MIN_SECONDS || seconds > MAX_SECONDS ? TIMESTAMP_OVERFLOW : new Timestamp(nanos, offset);
}

export const timestampOfSeconds = (seconds: bigint): Timestamp | CelError => timestampOf(seconds * SECOND);

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by !== 0n && value < 0n !== by < 0n ? quotient - 1n : quotient;
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;
const FULL_DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const MAX_TIMESTAMP_LENGTH = 128;

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  if (hours > 24 || minutes > 60) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Milliseconds since 1970, or undefined where there is no such day. */
function dayMillis(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}

/** Milliseconds since 1970 by a clock on the wall, or undefined where no clock shows it. */
function wallMillis(parts: readonly string[]): number | undefined {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(Number);
  const start = dayMillis(year, month, day);
  if (start === undefined || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return start + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** Reads RFC 3339; undefined where it is none or names a day that never was. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = text.length > MAX_TIMESTAMP_LENGTH ? null : RFC3339.exec(text);
  if (!match) return undefined;
  const [fraction = '', zone = ''] = match.slice(7);
  const [wall, offset] = [wallMillis(match.slice(1, 7)), offsetMinutes(zone)];
  if (wall === undefined || offset === undefined) return undefined;
  const nanos = BigInt(wall - offset * 60_000) * MILLI + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return new Timestamp(nanos, offset);
}

export function parseDate(text: string): Timestamp | undefined {
  const match = FULL_DATE.exec(text);
  const millis = match ? dayMillis(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
  return millis === undefined ? undefined : new Timestamp(BigInt(millis) * MILLI);
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

function zoneText(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** RFC 3339 with as many digits of the second as it needs, in the offset it was written in. */
export function formatTimestamp({ nanos, offset }: Timestamp, zone = offset): string {
  const seconds = floorDivide(nanos, SECOND);
  const local = new Date(Number(seconds) * 1000 + zone * 60_000);
  const date = `${String(local.getUTCFullYear()).padStart(4, '0')}-${local.toISOString().slice(-19, -14)}`;
  const fraction = String(nanos - seconds * SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${date}T${local.toISOString().slice(-13, -5)}${fraction && `.${fraction}`}${zoneText(zone)}`;
}

/** Seconds as cel-go writes them: `1.5s`. */
export function formatDuration({ nanos }: Duration): string {
  const whole = nanos / SECOND;
  const rest = nanos % SECOND;
  return `${plainNumber(Number(whole) + Number(rest) / 1e9)}s`;
}

/** A number without an exponent, as short as it can be told from its neighbours. */
export function plainNumber(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', head = '', tail = '', exponent = '0'] = match;
  const power = Number(exponent);
  const digits = head + tail;
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`;
  return sign + digits.padEnd(power + 1, '0');
}
