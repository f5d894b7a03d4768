import {
  duplicate,
  type FieldError,
  type FieldErrorType,
  type FieldPath,
  forbidden,
  invalid,
  required,
} from '@binnacle/machinery-validation';
import type { JsonSchema, ValidationRule } from '../schema/types.js';

/** The place of a whole object, as upstream prints it. */
const NO_PATH = '<nil>';

const placeOf = (path: FieldPath): FieldPath | string => (String(path) === '' ? NO_PATH : path);

/** The rule as a message shows it. */
export const shownRule = ({ message, rule }: ValidationRule): string => (message || rule).trim();

export function defaultMessage(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${shownRule(rule)}`;
}

/** A value that is too large to print is left out. */
function withoutValue(type: FieldErrorType, title: string, path: FieldPath, detail: string): FieldError {
  return { type, field: String(placeOf(path)), message: detail ? `${title}: ${detail}` : title };
}

/** The fault of a value that a rule refused. */
export function ruleFault(
  rule: ValidationRule,
  schema: JsonSchema,
  value: unknown,
  path: FieldPath,
  detail: string,
): FieldError {
  const isLarge = schema.type === 'object' || schema.type === 'array';
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbidden(placeOf(path), detail);
    case 'FieldValueRequired':
      return required(placeOf(path), detail);
    case 'FieldValueDuplicate':
      return isLarge
        ? withoutValue('FieldValueDuplicate', 'Duplicate value', path, '')
        : duplicate(placeOf(path), value);
    default:
      return isLarge
        ? withoutValue('FieldValueInvalid', 'Invalid value', path, detail)
        : invalid(placeOf(path), value, detail);
  }
}

/** What keeps a rule from being judged. */
export function ruleTrouble(schema: JsonSchema, path: FieldPath, detail: string): FieldError {
  return invalid(placeOf(path), schema.type ?? '', detail);
}

const BLOCKING: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** Rules are not judged where the value is not even of its schema's shape; this says so. */
export function blockedRules(errors: readonly FieldError[]): FieldError | undefined {
  if (!errors.some(({ type }) => BLOCKING.has(type))) return undefined;
  const why =
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return invalid(NO_PATH, null, why);
}
