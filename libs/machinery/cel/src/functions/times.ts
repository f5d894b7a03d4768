import { CelError, type Duration, type Timestamp, type Value } from '../values/index.js';
import { method, type Overload } from './overload.js';

const MILLI = 1_000_000n;

function floorMillis(nanos: bigint): number {
  const millis = nanos / MILLI;
  return Number(nanos < 0n && nanos % MILLI !== 0n ? millis - 1n : millis);
}

const OFFSET = /^([+-]?\d+):([+-]?\d+)$/;

/** Formats times of a zone; there are few zones, and no name that is none is kept. */
const zones = new Map<string, Intl.DateTimeFormat>();
const MAX_ZONES = 512;

function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  const known = zones.get(zone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (zones.size < MAX_ZONES) zones.set(zone, format);
    return format;
  } catch {
    return undefined;
  }
}

/** The offset of a zone from UTC at a time, in milliseconds. */
function zoneOffset(zone: string, millis: number): number | undefined {
  const parts = zoneFormat(zone)?.formatToParts(new Date(millis));
  if (!parts) return undefined;
  const read = new Map(parts.map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(read.get(type) ?? 0);
  const year = read.get('era') === 'BC' ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local.getTime() - Math.floor(millis / 1000) * 1000;
}

function offsetOf(zone: string, millis: number): number | undefined {
  const match = OFFSET.exec(zone);
  if (!match) return zone === '' || zone === 'UTC' ? 0 : zoneOffset(zone, millis);
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  return (hours * 60 + (zone.startsWith('-') ? -minutes : minutes)) * 60_000;
}

/** The wall clock of a zone at a time, as the UTC fields of a date. */
function wallClock({ nanos }: Timestamp, zone: string): Date | CelError {
  const millis = floorMillis(nanos);
  const offset = offsetOf(zone, millis);
  return offset === undefined ? new CelError(`unknown time zone ${zone}`) : new Date(millis + offset);
}

const DAY = 86_400_000;
const yearStart = (date: Date): number => new Date(0).setUTCFullYear(date.getUTCFullYear(), 0, 1);

const READINGS: readonly (readonly [name: string, id: string, read: (date: Date) => number])[] = [
  ['getFullYear', 'timestamp_to_year', (date) => date.getUTCFullYear()],
  ['getMonth', 'timestamp_to_month', (date) => date.getUTCMonth()],
  ['getDayOfYear', 'timestamp_to_day_of_year', (date) => Math.floor((date.getTime() - yearStart(date)) / DAY)],
  ['getDayOfMonth', 'timestamp_to_day_of_month', (date) => date.getUTCDate() - 1],
  ['getDate', 'timestamp_to_day_of_month_1_based', (date) => date.getUTCDate()],
  ['getDayOfWeek', 'timestamp_to_day_of_week', (date) => date.getUTCDay()],
  ['getHours', 'timestamp_to_hours', (date) => date.getUTCHours()],
  ['getMinutes', 'timestamp_to_minutes', (date) => date.getUTCMinutes()],
  ['getSeconds', 'timestamp_to_seconds', (date) => date.getUTCSeconds()],
  ['getMilliseconds', 'timestamp_to_milliseconds', (date) => date.getUTCMilliseconds()],
];

const readIn =
  (read: (date: Date) => number) =>
  (time: Timestamp, zone: string): Value => {
    const clock = wallClock(time, zone);
    return clock instanceof CelError ? clock : BigInt(read(clock));
  };

const DURATIONS: readonly (readonly [name: string, id: string, unit: bigint])[] = [
  ['getHours', 'duration_to_hours', 3_600_000_000_000n],
  ['getMinutes', 'duration_to_minutes', 60_000_000_000n],
  ['getSeconds', 'duration_to_seconds', 1_000_000_000n],
  ['getMilliseconds', 'duration_to_milliseconds', MILLI],
];

export const TIMES: readonly Overload[] = [
  ...READINGS.flatMap(([name, id, read]) => [
    method(id, `${name}(timestamp) int`, (time: Timestamp) => readIn(read)(time, 'UTC')),
    method(
      id === 'timestamp_to_seconds' ? `${id}_tz` : `${id}_with_tz`,
      `${name}(timestamp, string) int`,
      readIn(read),
    ),
  ]),
  ...DURATIONS.map(([name, id, unit]) => method(id, `${name}(duration) int`, ({ nanos }: Duration) => nanos / unit)),
];
