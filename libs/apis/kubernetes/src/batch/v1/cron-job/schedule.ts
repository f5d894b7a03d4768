import { isTimeZone } from './time-zone.js';

/** What is wrong with a schedule. */
class ScheduleError extends Error {}

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

const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];
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

/** `5`, `1-5`, `* / 10`, `MON`: one part of a field. */
function checkRange(expression: string, field: Field): void {
  const [range = '', step, more] = expression.split('/');
  const [start, end] = parseEnds(expression, range, field);
  const width = step === undefined ? 1 : parseNumber(step);
  if (more !== undefined) throw new ScheduleError(`too many slashes: ${expression}`);
  checkBounds(expression, start, step !== undefined && !range.includes('-') ? field.max : end, field);
  if (width === 0) throw new ScheduleError(`step of range should be a positive number: ${expression}`);
}

function checkFields(text: string): void {
  const fields = text.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== FIELDS.length) {
    const found = `found ${fields.length}: [${fields.join(' ')}]`;
    throw new ScheduleError(`expected exactly ${FIELDS.length} fields, ${found}`);
  }
  for (const [index, field] of FIELDS.entries())
    for (const part of (fields[index] ?? '').split(',')) if (part !== '') checkRange(part, field);
}

const GO_DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
/** Longer ones nobody writes. */
const LONGEST_DURATION = 200;

function checkDescriptor(text: string): void {
  if (DESCRIPTORS.includes(text)) return;
  if (!text.startsWith(EVERY)) throw new ScheduleError(`unrecognized descriptor: ${text}`);
  const duration = text.slice(EVERY.length);
  if (duration.length <= LONGEST_DURATION && GO_DURATION.test(duration)) return;
  const why = `time: invalid duration ${JSON.stringify(duration)}`;
  throw new ScheduleError(`failed to parse duration ${text}: ${why}`);
}

/** A zone before the schedule, as it could be written once. */
function withoutZone(text: string): string {
  if (!/^(CRON_)?TZ=/.test(text)) return text;
  const [end, start] = [text.indexOf(' '), text.indexOf('=') + 1];
  if (end < start)
    throw new ScheduleError(`invalid schedule format: runtime error: slice bounds out of range [:${end}]`);
  const zone = text.slice(start, end);
  if (zone !== '' && !isTimeZone(zone))
    throw new ScheduleError(`provided bad location ${zone}: unknown time zone ${zone}`);
  return text.slice(end).trim();
}

function check(text: string): void {
  if (text === '') throw new ScheduleError('empty spec string');
  const schedule = withoutZone(text);
  if (schedule.startsWith('@')) checkDescriptor(schedule);
  else checkFields(schedule);
}

/** What is wrong with a schedule, if anything. Behaves as the standard parser of robfig/cron, which upstream uses. */
export function scheduleProblem(text: string): string | undefined {
  try {
    check(text);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}
