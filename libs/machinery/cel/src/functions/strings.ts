import { ArrayList, CelError, type List, type Meter, type Value, countCharacters } from '../values/index.js';
import { formatString } from './format-string.js';
import { global, method, type Overload } from './overload.js';

const outOfRange = (index: bigint): CelError => new CelError(`index out of range: ${index}`);
const isAscii = (text: string): boolean => !/[^\x00-\x7f]/.test(text);

/** Characters of a text; of plain ASCII the text itself is the list of them. */
function characters(
  text: string,
  meter: Meter,
): ArrayLike<string> & { slice(start: number, end?: number): string[] | string } {
  meter.work(text.length / 16);
  if (isAscii(text)) return text;
  meter.work(text.length);
  return [...text];
}

const joined = (part: string[] | string): string => (typeof part === 'string' ? part : part.join(''));

function charAt(text: string, index: bigint, meter: Meter): Value {
  const all = characters(text, meter);
  if (index < 0n || index > BigInt(all.length)) return outOfRange(index);
  return all[Number(index)] ?? '';
}

/** How many characters stand before a place in UTF-16 units. */
const charactersBefore = (text: string, place: number): bigint =>
  BigInt(place < 0 ? -1 : countCharacters(text.slice(0, place)));

/** Where the character of that number starts, in UTF-16 units. */
function placeOf(text: string, index: number, meter: Meter): number {
  if (isAscii(text)) return index;
  return joined(characters(text, meter).slice(0, index)).length;
}

function indexOf(text: string, part: string, offset: bigint, meter: Meter): Value {
  if (part === '') return offset;
  if (offset < 0n) return outOfRange(offset);
  meter.work(text.length / 4);
  if (offset >= BigInt(meter.charactersIn(text))) return -1n;
  return charactersBefore(text, text.indexOf(part, placeOf(text, Number(offset), meter)));
}

function lastIndexOf(text: string, part: string, offset: bigint, meter: Meter): Value {
  if (part === '') return offset;
  if (offset < 0n) return outOfRange(offset);
  meter.work(text.length / 4);
  if (offset >= BigInt(meter.charactersIn(text))) return -1n;
  return charactersBefore(text, text.lastIndexOf(part, placeOf(text, Number(offset), meter)));
}

function lastIndexOfAll(text: string, part: string, meter: Meter): Value {
  const length = meter.charactersIn(text);
  if (part === '') return BigInt(length);
  return text.length < part.length ? -1n : lastIndexOf(text, part, BigInt(length - 1), meter);
}

function substring(text: string, start: bigint, end: bigint | undefined, meter: Meter): Value {
  const all = characters(text, meter);
  const length = BigInt(all.length);
  if (end !== undefined && start > end) return new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > length) return outOfRange(start);
  if (end !== undefined && (end < 0n || end > length)) return outOfRange(end);
  return joined(all.slice(Number(start), end === undefined ? undefined : Number(end)));
}

function occurrences(text: string, part: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0 && count < most; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}

function replaceEmpty(text: string, by: string, most: number, meter: Meter): string {
  const all = [...text];
  const places = Math.min(most, all.length + 1);
  meter.work(all.length + places * (1 + by.length / 8));
  const parts = all.map((character, index) => (index < places ? by + character : character));
  return parts.join('') + (places > all.length ? by : '');
}

/** Counts what it will make before it makes it: a short text may grow by a long one at every place. */
function replace(text: string, part: string, by: string, limit: bigint, meter: Meter): Value {
  const most = limit < 0n ? Number.POSITIVE_INFINITY : Number(limit);
  if (most === 0 || part === by) return text;
  if (part === '') return replaceEmpty(text, by, most, meter);
  const count = occurrences(text, part, most);
  meter.work((text.length + count * by.length) / 8 + count);
  const pieces = text.split(part);
  const kept = pieces.slice(count).join(part);
  return [...pieces.slice(0, count), kept].join(by);
}

/** As Go's SplitN: at most `limit` parts, all of them below zero, none for zero. */
function split(text: string, separator: string, limit: bigint, meter: Meter): Value {
  if (limit === 0n) return ArrayList.empty;
  meter.work(text.length);
  const parts = separator === '' ? [...text] : text.split(separator);
  const most = limit < 0n ? parts.length : Number(limit);
  if (parts.length <= most) return new ArrayList(parts);
  return new ArrayList([...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)]);
}

function join(list: List, separator: string, meter: Meter): Value {
  const parts: string[] = [];
  for (const part of list) {
    if (typeof part !== 'string') return new CelError(`join: invalid input: ${String(part)}`);
    meter.work(1 + (part.length + separator.length) / 8);
    parts.push(part);
  }
  return parts.join(separator);
}

const QUOTES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const quote = (text: string): string =>
  `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (letter) => QUOTES[letter] ?? letter)}"`;

const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACE}+`);
const IS_SPACE = new RegExp(`^${SPACE}$`);

/** Unicode's white space, as Go trims it. Works backwards from the end, so that it takes no longer than the text. */
function trim(text: string): string {
  let end = text.length;
  while (end > 0 && IS_SPACE.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end).replace(LEADING, '');
}

const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

const SEARCHES: readonly Overload[] = [
  method('contains_string', 'contains(string, string) bool', (text: string, part: string, meter: Meter) => {
    meter.work(text.length / 16);
    return text.includes(part);
  }),
  method('ends_with_string', 'endsWith(string, string) bool', (text: string, part: string) => text.endsWith(part)),
  method('starts_with_string', 'startsWith(string, string) bool', (text: string, part: string) =>
    text.startsWith(part),
  ),
  method('string_index_of_string', 'indexOf(string, string) int', (text: string, part: string, meter: Meter) =>
    indexOf(text, part, 0n, meter),
  ),
  method('string_index_of_string_int', 'indexOf(string, string, int) int', indexOf),
  method('string_last_index_of_string', 'lastIndexOf(string, string) int', lastIndexOfAll),
  method('string_last_index_of_string_int', 'lastIndexOf(string, string, int) int', lastIndexOf),
];

const ALL = -1n;

export const STRINGS: readonly Overload[] = [
  ...SEARCHES,
  method('string_char_at_int', 'charAt(string, int) string', charAt),
  method('string_lower_ascii', 'lowerAscii(string) string', lower),
  method('string_upper_ascii', 'upperAscii(string) string', upper),
  method('string_trim', 'trim(string) string', trim),
  method(
    'string_replace_string_string',
    'replace(string, string, string) string',
    (text: string, part: string, by: string, meter: Meter) => replace(text, part, by, ALL, meter),
  ),
  method('string_replace_string_string_int', 'replace(string, string, string, int) string', replace),
  method('string_split_string', 'split(string, string) list(string)', (text: string, separator: string, meter: Meter) =>
    split(text, separator, ALL, meter),
  ),
  method('string_split_string_int', 'split(string, string, int) list(string)', split),
  method('string_substring_int', 'substring(string, int) string', (text: string, start: bigint, meter: Meter) =>
    substring(text, start, undefined, meter),
  ),
  method('string_substring_int_int', 'substring(string, int, int) string', substring),
  method('list_join', 'join(list(string)) string', (list: List, meter: Meter) => join(list, '', meter)),
  method('list_join_string', 'join(list(string), string) string', join),
  method('string_format', 'format(string, list(dyn)) string', formatString),
  global('strings_quote', 'strings.quote(string) string', quote),
];
