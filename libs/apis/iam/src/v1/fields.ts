import { type FieldError, type FieldPath, invalid, tooLongCharacters } from '@binnacle/machinery-validation';

const LONGEST_TEXT = 200;
/** Anything that would break a line or hide what a page shows: control characters and those that turn the direction. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** A line that is shown as it is. */
export function line(text: string | undefined, path: FieldPath): FieldError[] {
  if (text === undefined) return [];
  if (text.length > LONGEST_TEXT) return [tooLongCharacters(path, LONGEST_TEXT)];
  return UNPRINTABLE.test(text) ? [invalid(path, text, 'must be one line of printable characters')] : [];
}

export function emailAddress(text: string | undefined, path: FieldPath): FieldError[] {
  const errors = line(text, path);
  if (!text || errors.length > 0 || ADDRESS.test(text)) return errors;
  return [invalid(path, text, 'must be an address such as ann@example.com')];
}
