import { type FieldError, type FieldPath, fieldPath, invalid, required } from '@binnacle/machinery-validation';
import { each, present, validateConditions } from '@binnacle/apis-registry';
import type { ValidatingAdmissionPolicy } from '../index.js';

const STATUS = fieldPath('status');

/** Brackets and quotes come in pairs; that is all that is asked of a path here. */
function isBalanced(text: string): boolean {
  const bare = text.replace(/'[^']*'|"[^"]*"/g, '');
  const open = [...bare].filter((character) => character === '[').length;
  return !/['"{}]/.test(bare) && open === [...bare].filter((character) => character === ']').length;
}

function validateFieldRef(reference = '', path: FieldPath): FieldError[] {
  const text = reference.trim();
  if (text === '') return [required(path)];
  return isBalanced(text) ? [] : [invalid(path, text, 'invalid JSONPath: unterminated or unexpected bracket or quote')];
}

/** Behaves as kubernetes validateValidatingAdmissionPolicyStatus. */
export function validatePolicyStatusUpdate({ status = {} }: ValidatingAdmissionPolicy): FieldError[] {
  const warnings = STATUS.child('typeChecking', 'expressionWarnings');
  return [
    ...each(status.typeChecking?.expressionWarnings, warnings, ({ warning, fieldRef }, at) => [
      ...present(warning, at.child('warning')),
      ...validateFieldRef(fieldRef, at.child('fieldRef')),
    ]),
    ...validateConditions(status.conditions, STATUS.child('conditions')),
  ];
}
