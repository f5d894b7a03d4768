import { type Amount, formatQuantity, isQuantity, parseQuantity, QuantityError } from '@binnacle/machinery-quantity';
import { CelError, type Opaque, type Value } from '../values/index.js';
import { global, method, type Overload } from './overload.js';

const NANO = 1_000_000_000n;
const MAX_INT = 2n ** 63n - 1n;

export class QuantityValue implements Opaque {
  readonly typeName = 'kubernetes.Quantity';

  constructor(
    readonly amount: Amount,
    /**
     * The power of ten of the digits that upstream keeps in an int64; undefined where it keeps them in a decimal. Only the
     * former with a power of at least zero is an integer upstream, whatever the amount.
     */
    readonly scale: number | undefined,
  ) {}

  equals(other: Opaque): boolean | undefined {
    return other instanceof QuantityValue ? other.amount.nano === this.amount.nano : undefined;
  }

  toString(): string {
    return formatQuantity(this.amount);
  }
}

const SHAPE = /^[+-]?0*(\d*)(?:\.(\d*))?([a-zA-Z]*)([+-]?\d*)$/;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const MOST_DIGITS = 18;

/** Binary amounts are kept in an int64 where they have no fraction and few digits. */
const binaryScale = (digits: number, power: number): number | undefined =>
  15 - digits - Math.trunc((power * 3) / 10) - 1 >= 0 ? 0 : undefined;

/** Behaves as apimachinery ParseQuantity where it chooses between an int64 and a decimal. */
function scaleOf(text: string): number | undefined {
  const match = SHAPE.exec(text);
  if (!match) return undefined;
  const [whole = '', fraction = '', suffix = '', exponent = ''] = match.slice(1);
  const digits = Math.max(whole.length, 1);
  const binary = BINARY[suffix];
  if (binary !== undefined) return fraction === '' ? binaryScale(digits, binary) : undefined;
  const power = exponent === '' ? DECIMAL[suffix] : Number(exponent);
  return decimalScale(digits, fraction.length, power ?? 0);
}

function decimalScale(digits: number, fraction: number, power: number): number | undefined {
  const scale = power - fraction;
  return digits + fraction <= MOST_DIGITS && scale >= -9 ? scale : undefined;
}

/** Upstream does not leave out white space, which the house's reader does. */
const isTrimmed = (text: string): boolean => text.trim() === text;

/** The amount a text tells, as `quantity(text)`. */
export function toQuantity(text: string): Value {
  try {
    return new QuantityValue(parseQuantity(isTrimmed(text) ? text : '?'), scaleOf(text));
  } catch (error) {
    if (error instanceof QuantityError) return new CelError(error.message);
    throw error;
  }
}

const nanoOf = ({ amount }: QuantityValue): bigint => amount.nano;

function order(left: QuantityValue, right: QuantityValue): bigint {
  if (nanoOf(left) === nanoOf(right)) return 0n;
  return nanoOf(left) < nanoOf(right) ? -1n : 1n;
}

/** The scale of a sum: upstream brings both to the smaller one, where that fits. */
function sumScale(left: QuantityValue, right: QuantityValue, nano: bigint): number | undefined {
  if (left.scale === undefined || right.scale === undefined) return undefined;
  if (nanoOf(right) === 0n) return left.scale;
  if (nanoOf(left) === 0n) return right.scale;
  const scale = Math.min(left.scale, right.scale);
  const digits = scale <= 9 ? (nano < 0n ? -nano : nano) / 10n ** BigInt(9 + scale) : 0n;
  return digits <= MAX_INT ? scale : undefined;
}

/** In the format of the left one, unless that is zero. */
function add(left: QuantityValue, right: QuantityValue, sign: bigint): QuantityValue {
  const nano = nanoOf(left) + sign * nanoOf(right);
  const format = nanoOf(left) === 0n ? right.amount.format : left.amount.format;
  return new QuantityValue({ nano, format }, sumScale(left, right, nano));
}

function toInteger({ amount: { nano }, scale }: QuantityValue): bigint | undefined {
  const whole = nano / NANO;
  const fits = scale !== undefined && scale >= 0 && whole <= MAX_INT && whole >= -MAX_INT - 1n;
  return fits ? whole : undefined;
}

/** Whole amounts are told exactly. */
const toFloat = ({ amount: { nano } }: QuantityValue): number =>
  nano % NANO === 0n ? Number(nano / NANO) : Number(nano) / 1e9;

const ofInt = (value: bigint): QuantityValue => new QuantityValue({ nano: value * NANO, format: 'DecimalExponent' }, 0);

export const QUANTITIES: readonly Overload[] = [
  global('string_to_quantity', 'quantity(string) kubernetes.Quantity', toQuantity),
  global('is_quantity_string', 'isQuantity(string) bool', (text: string) => isTrimmed(text) && isQuantity(text)),
  global('quantity_sign', 'sign(kubernetes.Quantity) int', (value: QuantityValue) => order(value, ZERO)),
  method(
    'quantity_is_greater_than',
    'isGreaterThan(kubernetes.Quantity, kubernetes.Quantity) bool',
    (left: QuantityValue, right: QuantityValue) => order(left, right) === 1n,
  ),
  method(
    'quantity_is_less_than',
    'isLessThan(kubernetes.Quantity, kubernetes.Quantity) bool',
    (left: QuantityValue, right: QuantityValue) => order(left, right) === -1n,
  ),
  method('quantity_compare_to', 'compareTo(kubernetes.Quantity, kubernetes.Quantity) int', order),
  method('quantity_get_float', 'asApproximateFloat(kubernetes.Quantity) double', toFloat),
  method(
    'quantity_get_int',
    'asInteger(kubernetes.Quantity) int',
    (value: QuantityValue) => toInteger(value) ?? new CelError('cannot convert value to integer'),
  ),
  method(
    'quantity_is_integer',
    'isInteger(kubernetes.Quantity) bool',
    (value: QuantityValue) => toInteger(value) !== undefined,
  ),
  method(
    'quantity_add',
    'add(kubernetes.Quantity, kubernetes.Quantity) kubernetes.Quantity',
    (left: QuantityValue, right: QuantityValue) => add(left, right, 1n),
  ),
  method('quantity_add_int', 'add(kubernetes.Quantity, int) kubernetes.Quantity', (left: QuantityValue, by: bigint) =>
    add(left, ofInt(by), 1n),
  ),
  method(
    'quantity_sub',
    'sub(kubernetes.Quantity, kubernetes.Quantity) kubernetes.Quantity',
    (left: QuantityValue, right: QuantityValue) => add(left, right, -1n),
  ),
  method('quantity_sub_int', 'sub(kubernetes.Quantity, int) kubernetes.Quantity', (left: QuantityValue, by: bigint) =>
    add(left, ofInt(by), -1n),
  ),
];

const ZERO = new QuantityValue({ nano: 0n, format: 'DecimalSI' }, 0);
