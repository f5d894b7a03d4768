import type { FieldType, ScalarType } from '@binnacle/apis-schema';
import { isQuantity, parseQuantity } from '@binnacle/machinery-quantity';

/**
 * A value as it is compared. Values of different groups are never equal, and come in the order of the groups; within one
 * they are of one type.
 */
export interface Key {
  readonly group: number;
  readonly value: number | bigint | string;
}

const NUMBERS = 0;
const TEXTS = 1;
const TRUTHS = 2;
const OTHERS = 3;

const number = (value: number | bigint): Key => ({ group: NUMBERS, value });
const text = (value: string): Key => ({ group: TEXTS, value });

/** JSON with the members of objects in the order of their names, so that equal values have equal texts. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, canonical(member)]));
}

/** By what the value itself is. */
function plainKey(value: unknown): Key {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return { group: TRUTHS, value: Number(value) };
  return { group: OTHERS, value: JSON.stringify(canonical(value)) ?? '' };
}

const FRACTION = /\.(\d+)/;

/** Moments by when they are; what stands behind the thousandths of a second counts as well. */
function momentKey(value: string): Key {
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return text(value);
  const micros = (FRACTION.exec(value)?.[1] ?? '').padEnd(6, '0').slice(3, 6);
  return number(milliseconds + Number(micros) / 1000);
}

/** How the values of a field are compared: only what the schema calls a quantity is one. */
export function keyOf(type: FieldType, value: unknown): Key {
  const scalar = type.kind === 'scalar' ? type.scalar : undefined;
  if (scalar === 'quantity' && isQuantity(value)) return number(parseQuantity(value).nano);
  if ((scalar === 'time' || scalar === 'microTime') && typeof value === 'string') return momentKey(value);
  return plainKey(value);
}

const PLAIN_NUMBER = /^-?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?$/;

const given = (operand: unknown): string => JSON.stringify(operand)?.slice(0, 100) ?? 'what is given';

type Read = (operand: unknown, type: FieldType) => Key | string;

const readText: Read = (operand) => text(String(operand));

/** What a form sends as text is a number all the same. */
const readNumber: Read = (operand) => {
  if (typeof operand === 'number') return number(operand);
  const isText = typeof operand === 'string' && PLAIN_NUMBER.test(operand);
  return isText ? number(Number(operand)) : `${given(operand)} is no number`;
};

const readQuantity: Read = (operand, type) =>
  isQuantity(operand) ? keyOf(type, operand) : `${given(operand)} is no quantity`;

const readTruth: Read = (operand) =>
  typeof operand === 'boolean' ? plainKey(operand) : `${given(operand)} is neither true nor false`;

const readMoment: Read = (operand) => {
  const moment = momentKey(String(operand));
  return moment.group === NUMBERS ? moment : `${given(operand)} is no moment, such as 2026-01-31T12:00:00Z`;
};

/** Undefined where a value of any kind may stand. */
const READERS: Readonly<Record<ScalarType, Read | undefined>> = {
  string: readText,
  bytes: readText,
  int32: readNumber,
  int64: readNumber,
  double: readNumber,
  quantity: readQuantity,
  bool: readTruth,
  time: readMoment,
  microTime: readMoment,
  intOrString: undefined,
  any: undefined,
};

/** Lists are equal to lists, objects and maps to objects. */
function isOfShape({ kind }: FieldType, operand: unknown): boolean {
  return kind === 'list' ? Array.isArray(operand) : typeof operand === 'object' && !Array.isArray(operand);
}

/** What a client compares a field with; a string where it cannot be compared with that. */
export function operandKey(type: FieldType, operand: unknown): Key | string {
  if (typeof operand === 'number' && !Number.isFinite(operand)) return 'the number is too large';
  if (type.kind !== 'scalar' && !isOfShape(type, operand))
    return `${given(operand)} is no ${type.kind === 'list' ? 'list' : 'object'}`;
  const read = type.kind === 'scalar' ? READERS[type.scalar] : undefined;
  if (!read) return keyOf(type, operand);
  return typeof operand === 'object' ? `${given(operand)} is no single value` : read(operand, type);
}

/** Below 0, 0 or above 0; what is absent comes last. Numbers by size, texts without regard to anybody's language. */
export function compareKeys(left: Key | undefined, right: Key | undefined): number {
  if (!left || !right) return Number(!left) - Number(!right);
  if (left.group !== right.group) return left.group - right.group;
  return left.value < right.value ? -1 : Number(left.value > right.value);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
