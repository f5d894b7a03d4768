import type { NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm } from '@binnacle/apis-kubernetes/core/v1';
import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isQualifiedName,
  notSupported,
} from '@binnacle/machinery-validation';

const OPERATORS = ['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'];
const FIELD_OPERATORS = ['In', 'NotIn'];
const INTEGER = /^[+-]?[0-9]+$/;

function validateValues({ operator, values = [] }: NodeSelectorRequirement, path: FieldPath): FieldError[] {
  if (operator === 'In' || operator === 'NotIn') {
    return values.length > 0 ? [] : [invalid(path, values, "for 'in', 'notin' operators, values set can't be empty")];
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    const detail = 'values set must be empty for exists and does not exist';
    return values.length === 0 ? [] : [invalid(path, values, detail)];
  }
  if (values.length !== 1) return [invalid(path, values, "for 'Gt', 'Lt' operators, exactly one value is required")];
  const [value = ''] = values;
  return INTEGER.test(value)
    ? []
    : [invalid(path.index(0), value, "for 'Gt', 'Lt' operators, the value must be an integer")];
}

function validateLabel(requirement: NodeSelectorRequirement, path: FieldPath): FieldError[] {
  const { key, operator } = requirement;
  if (!OPERATORS.includes(operator)) return [notSupported(path.child('operator'), operator, OPERATORS)];
  const keys = invalidEach(path.child('key'), key, isQualifiedName(key ?? ''));
  return [...keys, ...validateValues(requirement, path.child('values'))];
}

function validateField({ operator, values }: NodeSelectorRequirement, path: FieldPath): FieldError[] {
  if (!FIELD_OPERATORS.includes(operator)) return [notSupported(path.child('operator'), operator, FIELD_OPERATORS)];
  return values?.length === 1 ? [] : [invalid(path.child('values'), values, 'must have one element')];
}

function validateTerm(term: NodeSelectorTerm | undefined, path: FieldPath): FieldError[] {
  const { matchExpressions = [], matchFields = [] } = term ?? {};
  return [
    ...matchExpressions.flatMap((one, index) => validateLabel(one, path.child('matchExpressions').index(index))),
    ...matchFields.flatMap((one, index) => validateField(one, path.child('matchFields').index(index))),
  ];
}

/** Behaves as kubernetes component-helpers/scheduling/corev1/nodeaffinity NewNodeSelector and NewPreferredSchedulingTerms. */
export function validateAddedAffinity(affinity: NodeAffinity | undefined, path: FieldPath): FieldError[] {
  const needed = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const wished = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const terms = path.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  const preferred = path.child('preferredDuringSchedulingIgnoredDuringExecution');
  return [
    ...needed.flatMap((term, index) => validateTerm(term, terms.index(index))),
    ...wished.flatMap(({ preference }, index) => validateTerm(preference, preferred.index(index))),
  ];
}
