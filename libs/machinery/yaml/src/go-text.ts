/** The mantissa's digits, and the power of ten of the first of them. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(text: string): Decimal {
  const [mantissa = '', exponent = '0'] = text.split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** The fewest digits that make the same 32-bit number again. */
function shortest32(value: number): string {
  for (let digits = 0; digits < 9; digits += 1) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential();
}

function withExponent({ digits, exponent }: Decimal): string {
  const rest = digits.slice(1);
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits[0] ?? ''}${rest && `.${rest}`}e${exponent < 0 ? '-' : '+'}${power}`;
}

function withoutExponent({ digits, exponent }: Decimal): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const rest = digits.slice(exponent + 1);
  return rest ? `${whole}.${rest}` : whole;
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  return value > 0 ? '.inf' : '-.inf';
}

/**
 * A number as Go's strconv.FormatFloat(value, 'g', -1, bits) writes it; what is not finite as go-yaml does.
 * An exponent stands where it is below -4 or above 5.
 */
export function formatFloat(value: number, bits: 32 | 64): string {
  const rounded = bits === 32 ? Math.fround(value) : value;
  if (!Number.isFinite(rounded)) return notFinite(rounded);
  const size = Math.abs(rounded);
  const decimal = decimalOf(bits === 32 ? shortest32(size) : size.toExponential());
  const isLong = decimal.exponent < -4 || decimal.exponent > 5;
  const text = isLong ? withExponent(decimal) : withoutExponent(decimal);
  return rounded < 0 || Object.is(rounded, -0) ? `-${text}` : text;
}
