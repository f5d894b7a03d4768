import type { JsonSchema } from '../schema/types.js';
import { Findings } from './findings.js';
import { breach, type Problem, sentence, worded } from './problem.js';

const INT32 = 2 ** 31;
const INT64 = 2 ** 63;
const FLOAT32_MAX = 3.4028234663852886e38;
/** How far a quotient may be from an integer, relative to its size. */
const EPSILON = 1e-9;

/** Whether Go reads such a number as an int64. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && value < INT64 && value >= -INT64;
}

/** A number without fraction, but for what division loses. Behaves as go-openapi swag.IsFloat64AJSONInteger. */
export function isJsonInteger(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const whole = Math.trunc(value);
  if (whole === value) return true;
  return whole !== 0 && Math.abs(value - whole) / (Math.abs(value) + Math.abs(whole)) < EPSILON;
}

/** A float as Go's `%v` prints it. */
export function goFloat(value: number): string {
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -5 && exponent < 21) return String(value);
  const [digits, power = '0'] = value.toExponential().split('e');
  return `${digits}e${power.startsWith('-') ? '-' : '+'}${power.replace(/^[+-]/, '').padStart(2, '0')}`;
}

interface Numeric {
  /** `integer`, `number`, or empty where the schema does not say exactly one. */
  readonly type: string;
  readonly format: string;
}

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

function numericOf(types: readonly string[], format = ''): Numeric {
  const [type = ''] = types;
  const formats = types.length === 1 ? FORMATS[type] : undefined;
  return formats ? { type, format: formats.includes(format) ? format : '' } : { type: '', format: '' };
}

function fits(value: number, { type, format }: Numeric): boolean {
  if (type !== 'integer') return format !== 'float' || Math.abs(value) <= FLOAT32_MAX;
  return isInt64(value) && (format !== 'int32' || (value < INT32 && value >= -INT32));
}

function outOfRange(value: number, numeric: Numeric, what: string, at: string): Problem | undefined {
  if (fits(value, numeric)) return undefined;
  const format = numeric.format ? `with format ${numeric.format}` : '(default format)';
  return sentence(`${what} value must be of type ${numeric.type} ${format} in ${at}`);
}

type Check = (at: string, value: number, limit: number) => Problem | undefined;

const multiple: Check = (at, value, factor) => {
  if (factor <= 0)
    return worded(at, `factor MultipleOf declared for ${at} must be positive: ${goFloat(factor)}`, factor);
  const isMultiple = isInt64(value)
    ? value % factor === 0
    : isJsonInteger(factor < 1 ? (1 / factor) * value : value / factor);
  return isMultiple ? undefined : breach(at, `should be a multiple of ${goFloat(factor)}`, value);
};

const maximum =
  (exclusive: boolean): Check =>
  (at, value, most) => {
    if (exclusive ? value < most : value <= most) return undefined;
    return breach(at, `should be less than ${exclusive ? '' : 'or equal to '}${goFloat(most)}`, value);
  };

const minimum =
  (exclusive: boolean): Check =>
  (at, value, least) => {
    if (exclusive ? value > least : value >= least) return undefined;
    return breach(at, `should be greater than ${exclusive ? '' : 'or equal to '}${goFloat(least)}`, value);
  };

/** Behaves as kube-openapi pkg/validation/validate numberValidator. */
export function validateNumber(value: number, schema: JsonSchema, types: readonly string[], at: string): Findings {
  const numeric = numericOf(types, schema.format);
  const findings = new Findings().add(outOfRange(value, numeric, 'Checked', at));
  const apply = (limit: number | undefined, what: string, check: Check): void => {
    if (limit === undefined) return;
    const problem = outOfRange(limit, numeric, what, at);
    // Go takes a limit that fits for an integer where the value is one.
    const asGo = !problem && isInt64(value) ? Math.trunc(limit) : limit;
    findings.add(problem, check(at, value, asGo));
  };
  apply(schema.multipleOf, 'MultipleOf', multiple);
  apply(schema.minimum, 'Minimum boundary', minimum(schema.exclusiveMinimum ?? false));
  apply(schema.maximum, 'Maximum boundary', maximum(schema.exclusiveMaximum ?? false));
  return findings.count();
}
