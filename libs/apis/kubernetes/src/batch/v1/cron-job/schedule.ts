import { isTimeZone } from './time-zone.js';

/** What is wrong with a schedule. */
export class ScheduleError extends Error {}

/** Times of a calendar: those whose every part is in its set. */
export interface Calendar {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Whether the day must be in both sets; where both are restricted it need be in one. */
  readonly dayInBoth: boolean;
}

/** When something is to happen: at times of a calendar, or again and again after a pause. */
export interface Schedule {
  /** The zone that stands before it, as it could be written once. */
  readonly zone?: string;
  readonly calendar?: Calendar;
  /** Milliseconds. */
  readonly every?: number;
}

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);
const EVERY = '@every ';

function parseNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new ScheduleError(`failed to parse int from ${text}: ${why}`);
  }
  const value = Number(text);
  if (value < 0) throw new ScheduleError(`negative number (${value}) not allowed: ${text}`);
  return value;
}

function parseValue(text: string, { names, min }: Field): number {
  const at = names?.indexOf(text.toLowerCase()) ?? -1;
  return at < 0 ? parseNumber(text) : at + min;
}

function parseEnds(expression: string, range: string, field: Field): readonly [start: number, end: number] {
  const ends = range.split('-');
  const [low = '', high] = ends;
  if (low === '*' || low === '?') return [field.min, field.max];
  const start = parseValue(low, field);
  if (ends.length > 2) throw new ScheduleError(`too many hyphens: ${expression}`);
  return [start, high === undefined ? start : parseValue(high, field)];
}

function checkBounds(expression: string, start: number, end: number, { min, max }: Field): void {
  if (start < min) throw new ScheduleError(`beginning of range (${start}) below minimum (${min}): ${expression}`);
  if (end > max) throw new ScheduleError(`end of range (${end}) above maximum (${max}): ${expression}`);
  if (start > end) throw new ScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${expression}`);
}

interface Values {
  readonly values: ReadonlySet<number>;
  /** It was written as a star, which restricts nothing. */
  readonly star: boolean;
}

/** `5`, `1-5`, `* / 10`, `MON`: one part of a field. */
function parseRange(expression: string, field: Field): Values {
  const [range = '', step, more] = expression.split('/');
  const [start, upTo] = parseEnds(expression, range, field);
  const width = step === undefined ? 1 : parseNumber(step);
  if (more !== undefined) throw new ScheduleError(`too many slashes: ${expression}`);
  const end = step !== undefined && !range.includes('-') ? field.max : upTo;
  checkBounds(expression, start, end, field);
  if (width === 0) throw new ScheduleError(`step of range should be a positive number: ${expression}`);
  const values = new Set<number>();
  for (let value = start; value <= end; value += width) values.add(value);
  return { values, star: width === 1 && /^[*?]/.test(range) };
}

function parseField(text: string, field: Field): Values {
  const parts = text.split(',').filter((part) => part !== '');
  const ranges = parts.map((part) => parseRange(part, field));
  return {
    values: new Set(ranges.flatMap(({ values }) => [...values])),
    star: ranges.some(({ star }) => star),
  };
}

function parseFields(text: string): Calendar {
  const fields = text.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== FIELDS.length) {
    const found = `found ${fields.length}: [${fields.join(' ')}]`;
    throw new ScheduleError(`expected exactly ${FIELDS.length} fields, ${found}`);
  }
  const [minutes, hours, days, months, weekdays] = FIELDS.map((field, index) =>
    parseField(fields[index] ?? '', field),
  ) as [Values, Values, Values, Values, Values];
  return {
    minutes: minutes.values,
    hours: hours.values,
    days: days.values,
    months: months.values,
    weekdays: weekdays.values,
    dayInBoth: days.star || weekdays.star,
  };
}

const GO_DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
/** Longer ones nobody writes. */
const LONGEST_DURATION = 200;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
};
const SECOND = 1000;

/** Milliseconds of a Go duration. */
function milliseconds(duration: string): number {
  const parts = duration.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g);
  const sum = [...parts].reduce((total, [, number, unit]) => total + Number(number) * (UNITS[unit ?? ''] ?? 0), 0);
  return duration.startsWith('-') ? -sum : sum;
}

function parseDescriptor(text: string): Schedule {
  const fields = DESCRIPTORS.get(text);
  if (fields) return { calendar: parseFields(fields) };
  if (!text.startsWith(EVERY)) throw new ScheduleError(`unrecognized descriptor: ${text}`);
  const duration = text.slice(EVERY.length);
  if (duration.length <= LONGEST_DURATION && GO_DURATION.test(duration)) {
    // Whole seconds, and one at least.
    return { every: Math.max(SECOND, Math.floor(milliseconds(duration) / SECOND) * SECOND) };
  }
  const why = `time: invalid duration ${JSON.stringify(duration)}`;
  throw new ScheduleError(`failed to parse duration ${text}: ${why}`);
}

/** A zone before the schedule, as it could be written once, and the rest. */
function splitZone(text: string): readonly [zone: string, rest: string] {
  if (!/^(CRON_)?TZ=/.test(text)) return ['', text];
  const [end, start] = [text.indexOf(' '), text.indexOf('=') + 1];
  if (end < start)
    throw new ScheduleError(`invalid schedule format: runtime error: slice bounds out of range [:${end}]`);
  const zone = text.slice(start, end);
  if (zone !== '' && !isTimeZone(zone))
    throw new ScheduleError(`provided bad location ${zone}: unknown time zone ${zone}`);
  return [zone, text.slice(end).trim()];
}

/**
 * Reads a schedule. Behaves as the standard parser of robfig/cron, which upstream uses.
 * @throws ScheduleError
 */
export function parseSchedule(text: string): Schedule {
  if (text === '') throw new ScheduleError('empty spec string');
  const [zone, rest] = splitZone(text);
  const schedule = rest.startsWith('@') ? parseDescriptor(rest) : { calendar: parseFields(rest) };
  return zone ? { ...schedule, zone } : schedule;
}

/** What is wrong with a schedule, if anything. */
export function scheduleProblem(text: string): string | undefined {
  try {
    parseSchedule(text);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}
