import type { SubjectAccessReview } from '@binnacle/apis-kubernetes/authorization/v1';
import { newBadRequest, newInvalid } from '@binnacle/machinery-meta';
import { type FieldError, fieldPath, invalid } from '@binnacle/machinery-validation';

type Spec = Partial<SubjectAccessReview['spec']>;

const SPEC = fieldPath('spec');

/** An act is about a resource or about a path, and never about both. */
function checkAct({ resourceAttributes: resource, nonResourceAttributes: path }: Spec): FieldError[] {
  if (resource && path) {
    const why = 'cannot be specified in combination with resourceAttributes';
    return [invalid(SPEC.child('nonResourceAttributes'), path, why)];
  }
  if (resource || path) return [];
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [invalid(SPEC.child('resourceAttributes'), null, why)];
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
    ...checkAct(spec),
    ...(kind === 'LocalSubjectAccessReview' ? checkLocal(spec, namespace) : []),
  ];
  // Upstream leaves the kind out.
  if (errors.length > 0) throw newInvalid({ group: 'authorization.k8s.io', kind: '' }, '', errors);
}
