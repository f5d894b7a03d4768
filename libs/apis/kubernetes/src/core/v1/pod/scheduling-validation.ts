import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  invalidEach,
  isLabelValue,
  isQualifiedName,
  nameIsDnsSubdomain,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { each, optional, validateSupported } from '@binnacle/apis-registry';
import type {
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodSchedulingGate,
  Toleration,
} from '../index.js';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTaintEffect(effect: string, path: FieldPath): FieldError[] {
  return validateSupported(effect, path, EFFECTS);
}

function validateTolerationValue({ operator = '', value = '' }: Toleration, path: FieldPath): FieldError[] {
  switch (operator) {
    case '':
    case 'Equal': {
      const complaints = isLabelValue(value);
      return complaints.length > 0 ? [invalid(path, value, complaints.join(';'))] : [];
    }
    case 'Exists':
      return value ? [invalid(path, value, "value must be empty when `operator` is 'Exists'")] : [];
    default:
      return [notSupported(path, operator, ['Equal', 'Exists'])];
  }
}

function validateToleration(toleration: Toleration, path: FieldPath): FieldError[] {
  const { key = '', operator = '', effect = '', tolerationSeconds } = toleration;
  const errors = key ? invalidEach(path.child('key'), key, isQualifiedName(key)) : [];
  if (!key && operator !== 'Exists') {
    const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalid(path.child('operator'), operator, why));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(path.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  return [
    ...errors,
    ...validateTolerationValue(toleration, path.child('operator')),
    ...(effect ? validateTaintEffect(effect, path.child('effect')) : []),
  ];
}

export function validateTolerations(tolerations: readonly Toleration[] | undefined, path: FieldPath): FieldError[] {
  return each(tolerations, path, validateToleration);
}

function validateValueCount({ operator, values = [] }: NodeSelectorRequirement, path: FieldPath): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return [];
      return [required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return [];
      return [forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      if (values.length === 1) return [];
      return [required(path.child('values'), "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(path.child('operator'), operator, 'not a valid selector operator')];
  }
}

function validateLabelRequirement(
  requirement: NodeSelectorRequirement,
  path: FieldPath,
  strict: boolean,
): FieldError[] {
  const { key, values } = requirement;
  const errors = [
    ...validateValueCount(requirement, path),
    ...invalidEach(path.child('key'), key, isQualifiedName(key)),
  ];
  if (!strict) return errors;
  return [...errors, ...each(values, path.child('values'), (value, at) => invalidEach(at, value, isLabelValue(value)))];
}

function validateFieldRequirement(requirement: NodeSelectorRequirement, path: FieldPath): FieldError[] {
  const { key, operator, values = [] } = requirement;
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  else if (values.length !== 1) {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(path.child('values'), why));
  }
  if (key !== 'metadata.name') return [...errors, invalid(path.child('key'), key, 'not a valid field selector key')];
  const names = each(values, path.child('values'), (value, at) =>
    invalidEach(at, value, nameIsDnsSubdomain(value, false)),
  );
  return [...errors, ...names];
}

function validateTerm(term: NodeSelectorTerm | undefined, path: FieldPath, strict: boolean): FieldError[] {
  return [
    ...each(term?.matchExpressions, path.child('matchExpressions'), (requirement, at) =>
      validateLabelRequirement(requirement, at, strict),
    ),
    ...each(term?.matchFields, path.child('matchFields'), validateFieldRequirement),
  ];
}

/** Behaves as kubernetes ValidateNodeSelector. */
export function validateNodeSelector({ nodeSelectorTerms = [] }: NodeSelector, path: FieldPath): FieldError[] {
  const terms = path.child('nodeSelectorTerms');
  if (nodeSelectorTerms.length === 0) return [required(terms, 'must have at least one node selector term')];
  return each(nodeSelectorTerms, terms, (term, at) => validateTerm(term, at, true));
}

export function validateWeight(weight: number, path: FieldPath): FieldError[] {
  return weight >= 1 && weight <= 100 ? [] : [invalid(path, weight ?? 0, 'must be in the range 1-100')];
}

/** Values of preferred terms are not checked: they cannot keep a Pod from being placed. */
export function validateNodeAffinity(affinity: NodeAffinity, path: FieldPath): FieldError[] {
  const requiredPath = path.child('requiredDuringSchedulingIgnoredDuringExecution');
  const preferredPath = path.child('preferredDuringSchedulingIgnoredDuringExecution');
  return [
    ...optional(affinity.requiredDuringSchedulingIgnoredDuringExecution, requiredPath, validateNodeSelector),
    ...each(affinity.preferredDuringSchedulingIgnoredDuringExecution, preferredPath, (term, at) => [
      ...validateWeight(term.weight, at.child('weight')),
      ...validateTerm(term.preference, at.child('preference'), false),
    ]),
  ];
}

export function validateSchedulingGates(
  gates: readonly PodSchedulingGate[] | undefined,
  path: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  return each(gates, path, ({ name }, at) => {
    const errors = invalidEach(at, name, isQualifiedName(name));
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
    return errors;
  });
}
