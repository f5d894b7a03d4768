import { type FieldError, type FieldPath, invalid, notSupported, required } from '@binnacle/machinery-validation';
import { findField } from '../schema/field-path.js';
import { type JsonSchema, RULES, type ValidationRule } from '../schema/types.js';
import { unsupportedConstruct } from '../schema/unsupported.js';

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

const hasNewlines = (text: string): boolean => /[\n\r]/.test(text);
const isBlank = (text: string): boolean => text !== '' && text.trim() === '';

function validateMessage({ rule, message = '' }: ValidationRule, path: FieldPath): FieldError[] {
  const trimmed = message.trim();
  const at = path.child('message');
  if (rule.trim() === '') return [required(path.child('rule'), 'rule is not specified')];
  if (isBlank(message)) return [invalid(at, message, 'must be non-empty if specified')];
  if (hasNewlines(trimmed)) return [invalid(at, message, 'must not contain line breaks')];
  if (!hasNewlines(rule.trim()) || trimmed !== '') return [];
  return [required(at, 'message must be specified if rule contains line breaks')];
}

function leadsNowhere(text: string, schema: JsonSchema): boolean {
  return unsupportedConstruct(schema) === undefined && 'problem' in findField(text, schema);
}

function validateFieldPath({ fieldPath = '' }: ValidationRule, schema: JsonSchema, path: FieldPath): FieldError[] {
  const at = path.child('fieldPath');
  const errors: FieldError[] = [];
  if (fieldPath === '') return errors;
  if (isBlank(fieldPath)) errors.push(invalid(at, fieldPath, 'must be non-empty if specified'));
  if (hasNewlines(fieldPath)) errors.push(invalid(at, fieldPath, 'must not contain line breaks'));
  if (leadsNowhere(fieldPath, schema)) errors.push(invalid(at, fieldPath, 'must be a valid path'));
  return errors;
}

function validateRule(rule: ValidationRule, schema: JsonSchema, path: FieldPath): FieldError[] {
  const { messageExpression = '', reason } = rule;
  const errors = validateMessage({ ...rule, rule: rule.rule ?? '' }, path);
  if (isBlank(messageExpression)) {
    errors.push(required(path.child('messageExpression'), 'messageExpression must be non-empty if specified'));
  }
  if (reason !== undefined && !REASONS.includes(reason))
    errors.push(notSupported(path.child('reason'), reason, REASONS));
  return [...errors, ...validateFieldPath(rule, schema, path)];
}

/** The texts of validation rules, before anything is compiled. */
export function validateRuleTexts(schema: JsonSchema, path: FieldPath): FieldError[] {
  const rules = schema[RULES] ?? [];
  return rules.flatMap((rule, index) => validateRule(rule, schema, path.child(RULES).index(index)));
}
