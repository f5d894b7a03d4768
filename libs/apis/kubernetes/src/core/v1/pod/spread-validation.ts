import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isQualifiedName,
  nameIsDnsLabel,
  required,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import { each, optional, present, validateSupported } from '@binnacle/apis-registry';
import type { PodAffinity, PodAffinityTerm, TopologySpreadConstraint } from '../index.js';
import { validateLabelKeys } from './label-keys.js';
import { validateWeight } from './scheduling-validation.js';

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const NODE_POLICIES = ['Honor', 'Ignore'];

const validateKey = (key: string, path: FieldPath): FieldError[] => invalidEach(path, key, isQualifiedName(key));

function validateAffinityTerm(term: PodAffinityTerm, path: FieldPath): FieldError[] {
  const namespaces = (term.namespaces ?? []).flatMap((name) =>
    invalidEach(path.child('namespace'), name, nameIsDnsLabel(name, false)),
  );
  const topologyKey = term.topologyKey ?? '';
  return [
    ...validateLabelSelector(term.labelSelector, path.child('labelSelector')),
    ...validateLabelSelector(term.namespaceSelector, path.child('namespaceSelector')),
    ...namespaces,
    ...validateLabelKeys(term, path),
    ...present(topologyKey, path.child('topologyKey'), 'can not be empty'),
    ...validateKey(topologyKey, path.child('topologyKey')),
  ];
}

/** Affinity and anti-affinity between Pods have one shape. */
export function validatePodAffinity(affinity: PodAffinity, path: FieldPath): FieldError[] {
  const requiredPath = path.child('requiredDuringSchedulingIgnoredDuringExecution');
  const preferredPath = path.child('preferredDuringSchedulingIgnoredDuringExecution');
  return [
    ...each(affinity.requiredDuringSchedulingIgnoredDuringExecution, requiredPath, validateAffinityTerm),
    ...each(affinity.preferredDuringSchedulingIgnoredDuringExecution, preferredPath, (term, at) => [
      ...validateWeight(term.weight, at.child('weight')),
      ...validateAffinityTerm(term.podAffinityTerm ?? { topologyKey: '' }, at.child('podAffinityTerm')),
    ]),
  ];
}

function validateMinDomains(constraint: TopologySpreadConstraint, path: FieldPath): FieldError[] {
  const { minDomains, whenUnsatisfiable } = constraint;
  if (minDomains === undefined) return [];
  const errors = minDomains > 0 ? [] : [invalid(path, minDomains, 'must be greater than zero')];
  if (whenUnsatisfiable === 'DoNotSchedule') return errors;
  const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
  return [...errors, invalid(path, minDomains, why)];
}

const validatePolicy = (policy: string, path: FieldPath): FieldError[] =>
  validateSupported(policy, path, NODE_POLICIES);

function validateConstraint(constraint: TopologySpreadConstraint, path: FieldPath): FieldError[] {
  const { maxSkew = 0, topologyKey, whenUnsatisfiable = '' } = constraint;
  const action = path.child('whenUnsatisfiable');
  return [
    ...(maxSkew > 0 ? [] : [invalid(path.child('maxSkew'), maxSkew, 'must be greater than zero')]),
    ...(topologyKey ? [] : [required(path.child('topologyKey'), 'can not be empty')]),
    ...validateSupported(whenUnsatisfiable, action, ACTIONS),
    ...validateMinDomains(constraint, path.child('minDomains')),
    ...optional(constraint.nodeAffinityPolicy, path.child('nodeAffinityPolicy'), validatePolicy),
    ...optional(constraint.nodeTaintsPolicy, path.child('nodeTaintsPolicy'), validatePolicy),
    ...validateLabelKeys(constraint, path),
    ...validateLabelSelector(constraint.labelSelector, path.child('labelSelector')),
  ];
}

/** No two constraints on one topology with one answer to failure. */
export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  path: FieldPath,
): FieldError[] {
  const pairs = (constraints ?? []).map((constraint) => `{${constraint.topologyKey}, ${constraint.whenUnsatisfiable}}`);
  const lasts = new Map(pairs.map((pair, index) => [pair, index]));
  return (constraints ?? []).flatMap((constraint, index) => {
    const at = path.index(index);
    const pair = pairs[index] ?? '';
    const repeated = (lasts.get(pair) ?? index) > index;
    return [
      ...validateConstraint(constraint, at),
      ...(repeated ? [duplicate(at.child('{topologyKey, whenUnsatisfiable}'), pair)] : []),
    ];
  });
}
