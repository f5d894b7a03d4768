import type { Quantity } from '@binnacle/machinery-meta';

/** How a quantity was written, and is written again. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** An exact amount: billionths of the unit. `text` is kept where upstream keeps the text it was given. */
export interface Amount {
  readonly nano: bigint;
  readonly format: QuantityFormat;
  readonly text?: string;
}

export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

const FORMAT_WRONG = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const BAD_SUFFIX = "unable to parse quantity's suffix";
const BAD_NUMBER = 'unable to parse numeric part of quantity';

const SHAPE = /^([+-]?)(\d*)(\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const NANO_DIGITS = 9;
const NANO = 1_000_000_000n;
const MILLI = 1_000_000n;
const MAX_BINARY = (2n ** 63n - 1n) * NANO;
/** Far beyond any resource, and small enough that no text costs more than microseconds. */
const MAX_EXPONENT = 512;
const MAX_LENGTH = 512;
/** Digits that surely fit in an int64; beyond them upstream takes a path that never keeps the text. */
const INT64_DIGITS = 18;

interface Parts {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

function interpretSuffix(suffix: string): Pick<Parts, 'exponent' | 'format'> {
  const decimal = DECIMAL[suffix];
  if (decimal !== undefined) return { exponent: decimal, format: 'DecimalSI' };
  const binary = BINARY[suffix];
  if (binary !== undefined) return { exponent: binary, format: 'BinarySI' };
  if (!/^[eE][-+]?\d+$/.test(suffix)) throw new QuantityError(BAD_SUFFIX);
  const exponent = Number(suffix.slice(1));
  if (Math.abs(exponent) > MAX_EXPONENT) throw new QuantityError(BAD_SUFFIX);
  return { exponent, format: 'DecimalExponent' };
}

function split(text: string): Parts {
  // First: the time the pattern takes grows with the square of the length.
  if (text.length > MAX_LENGTH) throw new QuantityError(BAD_NUMBER);
  const match = text === '' ? null : SHAPE.exec(text);
  if (!match) throw new QuantityError(FORMAT_WRONG);
  const [, sign, whole = '', , fraction = '', suffix = ''] = match;
  return { negative: sign === '-', whole: whole.replace(/^0+/, '') || '0', fraction, ...interpretSuffix(suffix) };
}

function divideUp(value: bigint, by: bigint): bigint {
  return value === 0n ? 0n : (value - 1n) / by + 1n;
}

/** The magnitude in billionths; anything smaller than one is rounded up to one. */
function magnitude({ whole, fraction, exponent, format }: Parts): bigint {
  const digits = BigInt(whole + fraction);
  const binary = format === 'BinarySI';
  const scaled = binary ? digits << BigInt(exponent) : digits;
  const shift = NANO_DIGITS - fraction.length + (binary ? 0 : exponent);
  const nano = shift >= 0 ? scaled * 10n ** BigInt(shift) : divideUp(scaled, 10n ** BigInt(-shift));
  return binary && nano > MAX_BINARY ? MAX_BINARY : nano;
}

/** Upstream answers with the very text it read where that is (or passes for) canonical. */
function keepsText({ whole, fraction, exponent, format }: Parts): boolean {
  const digits = whole + fraction;
  if (format === 'BinarySI') {
    const room = INT64_DIGITS - 4 - whole.length - Math.floor((exponent * 3) / 10);
    return fraction === '' && room >= 0 && (BigInt(whole) & 7n) !== 0n;
  }
  const scale = exponent - fraction.length;
  const fits = digits.length <= INT64_DIGITS && scale >= -NANO_DIGITS;
  return fits && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

function parseUncached(text: string): Amount {
  const parts = split(text);
  const nano = magnitude(parts);
  const small = parts.format === 'BinarySI' && nano > 0n && nano < NANO;
  const format = small ? 'DecimalSI' : parts.format;
  return { nano: parts.negative ? -nano : nano, format, ...(keepsText(parts) && { text }) };
}

const CACHE_LIMIT = 4096;
const cache = new Map<string, Amount>();

/**
 * Reads a quantity. A cluster uses few different ones, so they are remembered.
 * @throws QuantityError with upstream's message.
 */
export function parseQuantity(quantity: Quantity): Amount {
  const text = typeof quantity === 'string' ? quantity.trim() : String(quantity);
  const known = cache.get(text);
  if (known) return known;
  const amount = parseUncached(text);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, amount);
  return amount;
}

/** Takes factors out of a number as often as they go in. */
function factorOut(value: bigint, factor: bigint, most: number): { value: bigint; times: number } {
  let [rest, times] = [value, 0];
  while (times < most && rest !== 0n && rest % factor === 0n) {
    rest /= factor;
    times += 1;
  }
  return { value: rest, times };
}

const DECIMAL_SUFFIX = new Map(Object.entries(DECIMAL).map(([suffix, exponent]) => [exponent, suffix]));
const BINARY_SUFFIX = ['', ...Object.keys(BINARY)];
const LARGEST_DECIMAL = 18;

function formatDecimal(nano: bigint, exponential: boolean): string {
  const most = exponential ? Number.MAX_SAFE_INTEGER : LARGEST_DECIMAL + NANO_DIGITS;
  const { value, times } = factorOut(nano, 10n, most);
  const extra = times % 3;
  const exponent = times - extra - NANO_DIGITS;
  const digits = value * 10n ** BigInt(extra);
  if (!exponential) return `${digits}${DECIMAL_SUFFIX.get(exponent) ?? ''}`;
  return exponent === 0 ? `${digits}` : `${digits}e${exponent}`;
}

/** Canonical text. Behaves as kubernetes apimachinery pkg/api/resource: no precision is ever lost. */
export function formatQuantity(amount: Amount): string {
  if (amount.text !== undefined) return amount.text;
  const { nano, format } = amount;
  if (nano === 0n) return '0';
  const whole = nano / NANO;
  const fits = nano % NANO === 0n && (whole >= 1024n || whole <= -1024n);
  if (format !== 'BinarySI' || !fits) return formatDecimal(nano, format === 'DecimalExponent');
  const { value, times } = factorOut(whole, 1024n, BINARY_SUFFIX.length - 1);
  return `${value}${BINARY_SUFFIX[times]}`;
}

/** What kube-apiserver would answer for that input. */
export function canonicalQuantity(quantity: Quantity): string {
  return formatQuantity(parseQuantity(quantity));
}

export function isQuantity(quantity: unknown): quantity is Quantity {
  if (typeof quantity !== 'string' && typeof quantity !== 'number') return false;
  try {
    parseQuantity(quantity);
    return true;
  } catch {
    return false;
  }
}

const nanoOf = (quantity: Quantity | undefined): bigint => (quantity === undefined ? 0n : parseQuantity(quantity).nano);

/** Below 0, 0 or above 0; absent counts as zero. */
export function compareQuantities(left: Quantity | undefined, right: Quantity | undefined): number {
  const [a, b] = [nanoOf(left), nanoOf(right)];
  return a < b ? -1 : Number(a > b);
}

function sum(left: Quantity | undefined, right: Quantity | undefined, sign: bigint): string {
  const [a, b] = [parseQuantity(left ?? '0'), parseQuantity(right ?? '0')];
  const format = a.nano === 0n ? b.format : a.format;
  return formatQuantity({ nano: a.nano + sign * b.nano, format });
}

/** In the format of the left one, unless that is zero. */
export function addQuantities(left: Quantity | undefined, right: Quantity | undefined): string {
  return sum(left, right, 1n);
}

export function subtractQuantities(left: Quantity | undefined, right: Quantity | undefined): string {
  return sum(left, right, -1n);
}

function roundAway(nano: bigint, unit: bigint): number {
  return Number(nano < 0n ? -divideUp(-nano, unit) : divideUp(nano, unit));
}

/** Whole units (bytes, pods, cores), rounded away from zero. */
export function toUnits(quantity: Quantity | undefined): number {
  return roundAway(nanoOf(quantity), NANO);
}

/** Bytes of memory or storage, rounded up. */
export const toBytes = toUnits;

/** Thousandths, as CPU is counted, rounded away from zero. */
export function toMillis(quantity: Quantity | undefined): number {
  return roundAway(nanoOf(quantity), MILLI);
}

export function fromMillis(millis: number): string {
  return formatQuantity({ nano: BigInt(Math.ceil(millis)) * MILLI, format: 'DecimalSI' });
}

export function fromBytes(bytes: number): string {
  return formatQuantity({ nano: BigInt(Math.ceil(bytes)) * NANO, format: 'BinarySI' });
}
