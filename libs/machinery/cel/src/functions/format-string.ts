import { quote } from '@binnacle/machinery-meta';
import {
  CelError,
  CelMap,
  decodeUtf8,
  Duration,
  encodeUtf8,
  formatDouble,
  formatDuration,
  formatTimestamp,
  List,
  type Meter,
  Timestamp,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from '../values/index.js';

/** One `%` clause. */
export interface Clause {
  readonly verb: string;
  readonly precision: number | undefined;
}

const DEFAULT_PRECISION = 6;
const MAX_PRECISION = 100;

/** What a clause writes; an error where the value is of no use to it. */
type Formatter = (value: Value, clause: Clause, meter: Meter) => string | CelError;

const wrong = (rule: string, type: string): CelError => new CelError(`${rule}, was given ${type}`);

/** What each clause takes, as its complaint says. */
export const CLAUSE_RULES: Readonly<Record<string, string>> = {
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  X: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
};

const isInteger = (value: Value): value is bigint | Uint => typeof value === 'bigint' || value instanceof Uint;
const integerText = (value: bigint | Uint, radix: number): string =>
  (value instanceof Uint ? value.value : value).toString(radix);

function formatList(list: List, meter: Meter): string | CelError {
  const parts: string[] = [];
  for (const value of list) {
    const part = formatMember(value, meter);
    if (typeof part !== 'string') return part;
    parts.push(part);
  }
  return `[${parts.join(', ')}]`;
}

function formatMap(map: CelMap, meter: Meter): string | CelError {
  const parts: [string, string][] = [];
  for (const key of map.keys()) {
    const [name, value] = [formatMember(key, meter), formatMember(map.find(key) ?? null, meter)];
    if (typeof name !== 'string') return name;
    if (typeof value !== 'string') return value;
    parts.push([name, value]);
  }
  parts.sort(([left], [right]) => (left < right ? -1 : Number(left > right)));
  return `{${parts.map(([name, value]) => `${name}:${value}`).join(', ')}}`;
}

/** Within lists and maps texts are quoted, and doubles have six digits. */
function formatMember(value: Value, meter: Meter): string | CelError {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value.toFixed(DEFAULT_PRECISION) : `"${formatDouble(value)}"`;
  }
  const text = formatValue(value, meter);
  if (typeof text !== 'string') return text;
  if (typeof value === 'string') return quote(text);
  if (value instanceof TypeValue) return `type(${text})`;
  return value instanceof Uint8Array ? `b${quote(text)}` : text;
}

function formatScalar(value: Value): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'number') return formatDouble(value);
  if (value instanceof Uint8Array) return decodeUtf8(value);
  if (isInteger(value)) return integerText(value, 10);
  return typeof value === 'object' ? undefined : String(value);
}

function formatValue(value: Value, meter: Meter): string | CelError {
  meter.work(8 + (typeof value === 'string' ? value.length / 8 : 0));
  if (value instanceof List) return formatList(value, meter);
  if (value instanceof CelMap) return formatMap(value, meter);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof TypeValue) return value.name;
  return formatScalar(value) ?? wrong(CLAUSE_RULES.s ?? '', typeName(value));
}

const SPECIAL_NUMBERS: Readonly<Record<string, string>> = { NaN: 'NaN', Infinity: '∞', '-Infinity': '-∞' };

function numberFor(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && Object.hasOwn(SPECIAL_NUMBERS, value) ? Number(value) : undefined;
}

/** Thousands are set apart by commas, as upstream's default language has it. */
function formatFixed(value: Value, { precision = DEFAULT_PRECISION }: Clause): string | CelError {
  const number = numberFor(value);
  if (number === undefined) return wrong(CLAUSE_RULES.f ?? '', typeName(value));
  if (!Number.isFinite(number)) return SPECIAL_NUMBERS[String(number)] ?? 'NaN';
  const [whole = '', fraction] = fixedText(number, precision).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function fixedText(number: number, precision: number): string {
  if (Math.abs(number) >= 1e21) return BigInt(number).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  const [whole = '', fraction = ''] = Math.abs(number).toFixed(MAX_PRECISION).split('.');
  const isTie = /^50*$/.test(fraction.slice(precision));
  return isTie ? evenText(whole + fraction.slice(0, precision), precision, number < 0) : number.toFixed(precision);
}

/** What lies right between two neighbours goes to the even one, as in Go. */
function evenText(digits: string, precision: number, negative: boolean): string {
  const units = BigInt(digits);
  const text = String(units + (units % 2n)).padStart(precision + 1, '0');
  const at = text.length - precision;
  return `${negative ? '-' : ''}${text.slice(0, at)}${precision > 0 ? `.${text.slice(at)}` : ''}`;
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Upstream takes the precision for a width: there are always six digits. */
function formatScientific(value: Value, { precision = DEFAULT_PRECISION }: Clause): string | CelError {
  const number = numberFor(value);
  if (number === undefined) return wrong(CLAUSE_RULES.e ?? '', typeName(value));
  if (!Number.isFinite(number)) return (SPECIAL_NUMBERS[String(number)] ?? 'NaN').padStart(precision);
  const [digits = '', exponent = '0'] = number.toExponential(DEFAULT_PRECISION).split('e');
  const raised = [...String(Math.abs(Number(exponent))).padStart(2, '0')]
    .map((digit) => RAISED[Number(digit)])
    .join('');
  return `${digits}×10${Number(exponent) < 0 ? '⁻' : ''}${raised}`.padStart(precision);
}

function formatHex(value: Value, { verb }: Clause): string | CelError {
  const text = hexText(value);
  if (text === undefined) return wrong(CLAUSE_RULES.x ?? '', typeName(value));
  return verb === 'X' ? text.toUpperCase() : text;
}

function hexText(value: Value): string | undefined {
  if (isInteger(value)) return integerText(value, 16);
  const bytes = typeof value === 'string' ? encodeUtf8(value) : value;
  if (!(bytes instanceof Uint8Array)) return undefined;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const integers =
  (rule: string, radix: number): Formatter =>
  (value) =>
    isInteger(value) ? integerText(value, radix) : wrong(rule, typeName(value));

const FORMATTERS: Readonly<Record<string, Formatter>> = {
  s: (value, _clause, meter) => formatValue(value, meter),
  d: integers(CLAUSE_RULES.d ?? '', 10),
  o: integers(CLAUSE_RULES.o ?? '', 8),
  b: (value, clause, meter) =>
    typeof value === 'boolean' ? String(Number(value)) : integers(CLAUSE_RULES.b ?? '', 2)(value, clause, meter),
  f: formatFixed,
  e: formatScientific,
  x: formatHex,
  X: formatHex,
};

const UNPARSED = 'could not parse formatting clause';

const PRECISION = `${UNPARSED}: error while parsing precision`;

/** Digits after a point; an error where they are no number that can be used. */
function readPrecision(digits: string): number | CelError {
  const precision = Number(digits);
  if (digits !== '' && precision <= MAX_PRECISION) return precision;
  const why = `strconv.Atoi: parsing ${quote(digits)}: ${digits === '' ? 'invalid syntax' : 'value out of range'}`;
  return new CelError(`${PRECISION}: error while converting precision to integer: ${why}`);
}

const unfinished = (hasPrecision: boolean): CelError =>
  new CelError(hasPrecision ? `${PRECISION}: could not find end of precision specifier` : 'unexpected end of string');

/** Reads a clause from after its `%`, and where it ends. */
export function readClause(format: string, start: number): { clause: Clause; end: number } | CelError {
  const [digits] = /^\.\d*/.exec(format.slice(start, start + 64)) ?? [];
  const end = start + (digits?.length ?? 0);
  const verb = format[end];
  if (verb === undefined) return unfinished(digits !== undefined);
  const precision = digits === undefined ? undefined : readPrecision(digits.slice(1));
  if (precision instanceof CelError) return precision;
  if (!FORMATTERS[verb]) return new CelError(`${UNPARSED}: unrecognized formatting clause "${verb}"`);
  return { clause: { verb, precision }, end: end + 1 };
}

/** Runs over a format; `write` says what stands for the clause of each number. */
export function eachClause(
  format: string,
  write: (clause: Clause, index: number) => string | CelError,
  size: number,
): { text: string; used: number } | CelError {
  const parts: string[] = [];
  let [at, used] = [0, 0];
  for (let mark = format.indexOf('%'); mark >= 0; mark = format.indexOf('%', at)) {
    parts.push(format.slice(at, mark));
    at = mark + 2;
    if (format[mark + 1] === '%') {
      parts.push('%');
      continue;
    }
    if (used >= size) return new CelError(`index ${used} out of range`);
    const read = readClause(format, mark + 1);
    if (read instanceof CelError) return read;
    const { clause, end } = read;
    const part = write(clause, used);
    if (typeof part !== 'string') return new CelError(`error during formatting: ${part.message}`);
    parts.push(part);
    at = end;
    used += 1;
  }
  return { text: parts.join('') + format.slice(at), used };
}

/** `"%s is %d".format(["a", 1])`. Behaves as cel-go ext strings, version 2. */
export function formatString(format: string, args: List, meter: Meter): Value {
  meter.work(format.length / 8);
  const write = (clause: Clause, index: number): string | CelError =>
    FORMATTERS[clause.verb]?.(args.at(index), clause, meter) ?? '';
  const formatted = eachClause(format, write, args.size);
  return formatted instanceof CelError ? formatted : formatted.text;
}
