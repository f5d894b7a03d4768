import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  isQualifiedName,
  required,
} from '@binnacle/machinery-validation';
import { each, optional, repeated, validatePlainMeta, validateSupported } from '@binnacle/apis-registry';
import type { Steps } from '@binnacle/machinery-context';
import { type Sight, validateExpression } from '../expressions.js';
import type {
  AuditAnnotation,
  Validation,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicySpec,
} from '../index.js';
import { declareVariables, validatePolicyConditions, validatePolicySpec } from '../policies.js';

const SPEC = fieldPath('spec');
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const MAX_ANNOTATIONS = 20;
const MAX_VALUE_BYTES = 5 * 1024;
const EMPTY = 'must be non-empty if specified';
const ONE_OF = 'validations or auditAnnotations must contain at least one item';

function validateMessageExpression(expression = '', path: FieldPath, sight: Sight): FieldError[] {
  if (expression === '') return [];
  if (expression.trim() === '') return [invalid(path, expression, EMPTY)];
  return validateExpression(expression, path, { ...sight, authorizer: false }, 'string');
}

function validateMessage(message = '', path: FieldPath): FieldError[] {
  const text = message.trim();
  if (message !== '' && text === '') return [invalid(path, message, EMPTY)];
  return /[\n\r]/.test(text) ? [invalid(path, message, 'must not contain line breaks')] : [];
}

function validateValidation(validation: Validation, path: FieldPath, sight: Sight): FieldError[] {
  const { expression = '', messageExpression, message } = validation;
  const at = path.child('expression');
  const missing = expression.trim() === '';
  return [
    ...(missing ? [required(at, 'expression is not specified')] : validateExpression(expression, at, sight, 'bool')),
    ...validateMessageExpression(messageExpression, path.child('messageExpression'), sight),
    ...validateMessage(message, path.child('message')),
    ...optional(validation.reason, path.child('reason'), (reason, where) => validateSupported(reason, where, REASONS)),
  ];
}

/** The key of an annotation stands behind the name of its policy. */
function validateKey(key: string, policy: string, path: FieldPath): FieldError[] {
  if (!policy) return [invalid(path, key, 'requires metadata.name be non-empty')];
  return invalidEach(path, `${policy}/${key}`, isQualifiedName(`${policy}/${key}`));
}

function validateAnnotation({ valueExpression = '' }: AuditAnnotation, path: FieldPath, sight: Sight): FieldError[] {
  const text = valueExpression.trim();
  if (text === '') return [required(path, 'valueExpression is not specified')];
  if (text.length > MAX_VALUE_BYTES) return [required(path, `must not exceed ${MAX_VALUE_BYTES} bytes in length`)];
  return validateExpression(text, path, sight, 'string', 'null_type');
}

function validateAnnotations(
  annotations: readonly AuditAnnotation[] = [],
  policy: string,
  path: FieldPath,
  sight: Sight,
): FieldError[] {
  const crowded = `must not have more than ${MAX_ANNOTATIONS} auditAnnotations`;
  return [
    ...(annotations.length > MAX_ANNOTATIONS ? [invalid(path, annotations, crowded)] : []),
    ...each(annotations, path, (annotation, at) => [
      ...validateKey(annotation.key ?? '', policy, at.child('key')),
      ...validateAnnotation(annotation, at.child('valueExpression'), sight),
    ]),
    ...repeated(annotations, path, ({ key }) => key, 'key'),
  ];
}

/** Each judgement is a step: it has two expressions, and there may be thousands. */
function* validateEach(validations: readonly Validation[], path: FieldPath, sight: Sight): Steps<FieldError[]> {
  const errors: FieldError[] = [];
  for (const [index, validation] of validations.entries()) {
    errors.push(...validateValidation(validation, path.index(index), sight));
    yield;
  }
  return errors;
}

function* validateJudgements(spec: ValidatingAdmissionPolicySpec, policy: string, sight: Sight): Steps<FieldError[]> {
  const { validations = [], auditAnnotations = [] } = spec;
  const [judged, noted] = [SPEC.child('validations'), SPEC.child('auditAnnotations')];
  if (validations.length === 0 && auditAnnotations.length === 0)
    return [required(judged, ONE_OF), required(noted, ONE_OF)];
  return [
    ...(yield* validateEach(validations, judged, sight)),
    ...validateAnnotations(auditAnnotations, policy, noted, sight),
  ];
}

/** Behaves as kubernetes pkg/apis/admissionregistration/validation validateValidatingAdmissionPolicy. */
export function* validateValidatingPolicy(policy: ValidatingAdmissionPolicy): Steps<FieldError[]> {
  const { metadata, spec = {} } = policy;
  const { errors, sight } = yield* declareVariables(spec, SPEC.child('variables'));
  return [
    ...validatePlainMeta(policy, false),
    ...validatePolicySpec(spec, SPEC),
    ...validatePolicyConditions(spec, SPEC),
    ...errors,
    ...(yield* validateJudgements(spec, metadata.name ?? '', sight)),
  ];
}
