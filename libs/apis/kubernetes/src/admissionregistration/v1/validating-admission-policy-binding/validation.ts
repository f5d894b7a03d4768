import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  required,
} from '@binnacle/machinery-validation';
import { each, validatePlainMeta, validateSupported } from '@binnacle/apis-registry';
import type { ValidatingAdmissionPolicyBinding } from '../index.js';
import { validateBindingSpec } from '../param-ref.js';

const SPEC = fieldPath('spec');
const ACTIONS = ['Audit', 'Deny', 'Warn'];
const BOTH =
  'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';

function validateActions(actions: readonly string[] = [], path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  const errors = each(actions, path, (action, at) => {
    const again = seen.has(action) ? [duplicate(at, action)] : [];
    seen.add(action);
    return [...validateSupported(action, at, ACTIONS), ...again];
  });
  return [
    ...errors,
    ...(seen.has('Deny') && seen.has('Warn') ? [invalid(path, actions, BOTH)] : []),
    ...(seen.size === 0 ? [required(path, 'at least one validation action is required')] : []),
  ];
}

/** Behaves as kubernetes pkg/apis/admissionregistration/validation validateValidatingAdmissionPolicyBinding. */
export function validateValidatingBinding(binding: ValidatingAdmissionPolicyBinding): FieldError[] {
  return [
    ...validatePlainMeta(binding, false),
    ...validateBindingSpec(binding.spec ?? {}, SPEC),
    ...validateActions(binding.spec?.validationActions, SPEC.child('validationActions')),
  ];
}
