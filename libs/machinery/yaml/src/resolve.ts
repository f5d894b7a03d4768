/** What a scalar is: Go tells whole numbers from others, and those that need 64 bits without a sign from both. */
export type Scalar =
  | { readonly type: 'null'; readonly value: null }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: number | bigint }
  | { readonly type: 'uint'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  /** A moment, which stays the text it was written as. */
  | { readonly type: 'timestamp'; readonly value: string }
  | { readonly type: 'str'; readonly value: string };

const FIXED = new Map<string, Scalar>();
function fix(scalar: Scalar, texts: string): void {
  for (const text of texts.split(' ')) FIXED.set(text, scalar);
}
fix({ type: 'bool', value: true }, 'y Y yes Yes YES true True TRUE on On ON');
fix({ type: 'bool', value: false }, 'n N no No NO false False FALSE off Off OFF');
fix({ type: 'null', value: null }, '~ null Null NULL');
FIXED.set('', { type: 'null', value: null });
fix({ type: 'float', value: Number.NaN }, '.nan .NaN .NAN');
fix({ type: 'float', value: Number.POSITIVE_INFINITY }, '.inf .Inf .INF +.inf +.Inf +.INF');
fix({ type: 'float', value: Number.NEGATIVE_INFINITY }, '-.inf -.Inf -.INF');

const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
/** Whole numbers as Go's strconv reads them in base 0; a leading 0 alone means octal. */
const WHOLE = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const SHORT_WHOLE = /^-?(?:0|[1-9][0-9]{0,14})$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** A number that begins with its point: here Go wants underscores between digits. */
const FRACTION = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
/** Beyond this many digits no 64 bits are enough, and reading them only costs time. */
const MAX_DIGITS = 70;

function magnitude([, , hex, binary, octal, decimal]: RegExpExecArray): bigint {
  if (hex) return BigInt(`0x${hex}`);
  if (binary) return BigInt(`0b${binary}`);
  return octal ? BigInt(`0o${octal}`) : BigInt(decimal ?? '0');
}

function whole(text: string): Scalar | undefined {
  if (SHORT_WHOLE.test(text)) return { type: 'int', value: Number(text) + 0 };
  const found = text.length <= MAX_DIGITS ? WHOLE.exec(text) : null;
  if (!found) return undefined;
  const size = magnitude(found);
  const value = found[1] === '-' ? -size : size;
  if (value <= MAX_INT64 && value >= -MAX_INT64 - 1n) return { type: 'int', value };
  return found[1] === '' && value <= MAX_UINT64 ? { type: 'uint', value } : undefined;
}

function float(text: string): Scalar | undefined {
  if (!FLOAT.test(text)) return undefined;
  // Zero has no sign in JSON as JavaScript writes it.
  const value = Number(text) + 0;
  return Number.isFinite(value) ? { type: 'float', value } : undefined;
}

const DATE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** True for a moment as go-yaml's parseTimestamp reads it. */
function isTimestamp(text: string): boolean {
  const found = DATE.exec(text);
  if (!found) return false;
  const number = (...groups: number[]) => Number(groups.map((group) => found[group]).find(Boolean) ?? '0');
  const [year, month, day] = [number(1), number(2), number(3)];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return false;
  return number(4, 9) < 24 && number(5, 10) < 60 && number(6, 11) < 60 && number(7) <= 24 && number(8) <= 60;
}

function numeral(text: string, tag: string): Scalar | undefined {
  if ((tag === '' || tag === TIMESTAMP_TAG) && isTimestamp(text)) return { type: 'timestamp', value: text };
  const plain = text.replaceAll('_', '');
  return whole(plain) ?? float(plain);
}

const PREFIX = 'tag:yaml.org,2002:';
export const STR_TAG = `${PREFIX}str`;
export const BINARY_TAG = `${PREFIX}binary`;
export const NULL_TAG = `${PREFIX}null`;
export const MERGE_TAG = `${PREFIX}merge`;
const TIMESTAMP_TAG = `${PREFIX}timestamp`;
const RESOLVABLE = new Set(['str', 'bool', 'int', 'float', 'null', 'timestamp'].map((name) => PREFIX + name));

/** What text without quotes or tag means. Base 60 stays text, as in Go. */
export function resolvePlain(text: string, tag = ''): Scalar {
  const fixed = FIXED.get(text);
  if (fixed) return fixed;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return (FRACTION.test(text) && float(text.replaceAll('_', ''))) || { type: 'str', value: text };
  const isNumeral = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  return (isNumeral ? numeral(text, tag) : undefined) ?? { type: 'str', value: text };
}

/**
 * What a scalar with an explicit tag means. Behaves as go-yaml v2 resolve.
 * @throws Error where the text is nothing of what the tag says.
 */
export function resolveTagged(tag: string, text: string): Scalar {
  if (!RESOLVABLE.has(tag) || tag === STR_TAG) return { type: 'str', value: text };
  const scalar = resolvePlain(text, tag);
  const wanted = tag.slice(PREFIX.length);
  const { type, value } = scalar;
  const isInt = type === 'int' || type === 'uint';
  if (type === wanted || (isInt && wanted === 'int')) return scalar;
  if (isInt && wanted === 'float') return { type: 'float', value: Number(value) };
  throw new Error(`cannot decode !!${type === 'uint' ? 'int' : type} \`${text}\` as a !!${wanted}`);
}

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** True where text must stand in quotes to stay text, for Go's readers and for those that know base 60. */
export function needsQuotes(text: string): boolean {
  return resolvePlain(text).type !== 'str' || BASE_60.test(text);
}
