import { quote, type StatusCause } from '@binnacle/machinery-meta';
import type { FieldPath } from './path.js';

/** Behaves as kubernetes apimachinery pkg/util/validation/field ErrorType. */
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooShort'
  | 'FieldValueTooMany'
  | 'FieldValueTooFew'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

/** One thing wrong with an object. `message` is the whole text after the field path, as kube-apiserver prints it. */
export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly message: string;
}

type Path = FieldPath | string;

export function toStatusCause(error: FieldError): StatusCause {
  return { reason: error.type, message: error.message, field: error.field };
}

/** Go's JSON writes these characters as escapes, and upstream prints bad values with it. */
const HTML = /[<>&\u2028\u2029]/g;
const escapeHtml = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const asJson = (value: unknown): string => (JSON.stringify(value) ?? 'null').replace(HTML, escapeHtml);

/** Texts from this length on are kept as long as their value: each of thousands of faults may show all of a list. */
const LONG_TEXT = 1024;
const longTexts = new WeakMap<object, string>();

function printObject(value: object): string {
  const known = longTexts.get(value);
  if (known !== undefined) return known;
  const text = asJson(value);
  if (text.length >= LONG_TEXT) longTexts.set(value, text);
  return text;
}

/** A bad value as a message shows it: text quoted, numbers plain, all else as JSON. */
export function printValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' && value !== null ? printObject(value) : asJson(value);
}

const withDetail = (text: string, detail: string): string => (detail ? `${text}: ${detail}` : text);
const plural = (count: number, word: string): string => `${count} ${count === 1 ? word : `${word}s`}`;

function make(type: FieldErrorType, path: Path, message: string): FieldError {
  return { type, field: String(path), message };
}

/** A value that is malformed or out of bounds. */
export function invalid(path: Path, value: unknown, detail: string): FieldError {
  return make('FieldValueInvalid', path, withDetail(`Invalid value: ${printValue(value)}`, detail));
}

/** The same where the value is not worth printing. */
export function invalidWithoutValue(path: Path, detail: string): FieldError {
  return make('FieldValueInvalid', path, withDetail('Invalid value', detail));
}

/** A value of the wrong JSON type. */
export function typeInvalid(path: Path, value: unknown, detail: string): FieldError {
  return make('FieldValueTypeInvalid', path, withDetail(`Invalid value: ${printValue(value)}`, detail));
}

export function required(path: Path, detail = ''): FieldError {
  return make('FieldValueRequired', path, withDetail('Required value', detail));
}

export function duplicate(path: Path, value: unknown): FieldError {
  return make('FieldValueDuplicate', path, `Duplicate value: ${printValue(value)}`);
}

export function notFound(path: Path, value: unknown): FieldError {
  return make('FieldValueNotFound', path, `Not found: ${printValue(value)}`);
}

/** A well-formed value that is not allowed in these circumstances. */
export function forbidden(path: Path, detail: string): FieldError {
  return make('FieldValueForbidden', path, withDetail('Forbidden', detail));
}

/** A value outside a fixed set. Upstream lists the set sorted in most places: pass it in the order to print. */
export function notSupported(path: Path, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length > 0 ? `supported values: ${supported.map(quote).join(', ')}` : '';
  return make('FieldValueNotSupported', path, withDetail(`Unsupported value: ${printValue(value)}`, detail));
}

export function tooLong(path: Path, maxBytes: number): FieldError {
  return make('FieldValueTooLong', path, `Too long: may not be more than ${plural(maxBytes, 'byte')}`);
}

export function tooLongCharacters(path: Path, maxCharacters: number): FieldError {
  return make('FieldValueTooLong', path, `Too long: may not be more than ${plural(maxCharacters, 'character')}`);
}

export function tooShort(path: Path, minCharacters: number): FieldError {
  return make('FieldValueTooShort', path, `Too short: must be at least ${plural(minCharacters, 'character')}`);
}

export function tooMany(path: Path, actual: number, most: number): FieldError {
  return make('FieldValueTooMany', path, `Too many: ${actual}: must have at most ${plural(most, 'item')}`);
}

export function tooFew(path: Path, actual: number, least: number): FieldError {
  return make('FieldValueTooFew', path, `Too few: ${actual}: must have at least ${plural(least, 'item')}`);
}

export function internalError(path: Path, detail: string): FieldError {
  return make('InternalError', path, withDetail('Internal error', detail));
}

/** One `invalid` error for each complaint of a format check. */
export function invalidEach(path: Path, value: unknown, complaints: readonly string[]): FieldError[] {
  return complaints.map((complaint) => invalid(path, value, complaint));
}
