import type { SubjectAccessReview } from '@binnacle/apis-kubernetes/authorization/v1';
import { newBadRequest, newInvalid } from '@binnacle/machinery-meta';
import { type FieldError, fieldPath, invalid, required } from '@binnacle/machinery-validation';

type Spec = Partial<SubjectAccessReview['spec']>;

const SPEC = fieldPath('spec');

/** An act is about a resource or about a path, and never about both. */
function actErrors({ resourceAttributes: resource, nonResourceAttributes: path }: Spec): FieldError[] {
  if (resource && path) {
    const why = 'cannot be specified in combination with resourceAttributes';
    return [invalid(SPEC.child('nonResourceAttributes'), path, why)];
  }
  if (resource || path) return [];
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [invalid(SPEC.child('resourceAttributes'), null, why)];
}

interface Selector {
  readonly rawSelector?: string;
  readonly requirements?: readonly unknown[];
}

/** A selector is either text or requirements. */
function checkSelector(selector: Selector | undefined, name: string): FieldError[] {
  if (!selector) return [];
  const path = SPEC.child('resourceAttributes').child(name);
  const { rawSelector = '', requirements = [] } = selector;
  if (rawSelector && requirements.length > 0) {
    const why = 'may not specified at the same time as requirements';
    return [invalid(path.child('rawSelector'), rawSelector, why)];
  }
  if (rawSelector || requirements.length > 0) return [];
  const why = `when spec.resourceAttributes.${name} is specified, requirements or rawSelector is required`;
  return [required(path.child('requirements'), why)];
}

function checkSelectors({ resourceAttributes: resource }: Spec): FieldError[] {
  return [
    ...checkSelector(resource?.fieldSelector, 'fieldSelector'),
    ...checkSelector(resource?.labelSelector, 'labelSelector'),
  ];
}

function checkSubject({ user, groups }: Spec): FieldError[] {
  if (user || groups?.length) return [];
  return [invalid(SPEC.child('user'), '', 'at least one of user or group must be specified')];
}

function checkLocal(
  { resourceAttributes: resource, nonResourceAttributes: path }: Spec,
  namespace: string,
): FieldError[] {
  if (path) return [invalid(SPEC.child('nonResourceAttributes'), path, 'disallowed on this kind of request')];
  const named = resource?.namespace ?? '';
  if (!resource || named === namespace) return [];
  throw newBadRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
}

/** Refuses a review that does not say what of whom is asked. Behaves as kubernetes pkg/apis/authorization/validation. */
export function checkAccessReview(kind: string, spec: Spec, namespace: string): void {
  const errors = [
    ...(kind === 'SelfSubjectAccessReview' ? [] : checkSubject(spec)),
    ...actErrors(spec),
    ...checkSelectors(spec),
    ...(kind === 'LocalSubjectAccessReview' ? checkLocal(spec, namespace) : []),
  ];
  // Upstream leaves the kind out.
  if (errors.length > 0) throw newInvalid({ group: 'authorization.k8s.io', kind: '' }, '', errors);
}

/** Refuses a question that does not say about what it is. */
export function checkAct(spec: Spec): void {
  const errors = actErrors(spec);
  if (errors.length > 0) throw newInvalid({ group: 'authorization.binnacle.dev', kind: 'WhoCan' }, '', errors);
}
