import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalidEach,
  isDns1123Subdomain,
  isPathSegmentName,
  nameIsDnsLabel,
  notSupported,
  required,
  tooLong,
  validateDomainPrefixedPath,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { optional, validateMeta, wellFormed } from '@binnacle/apis-registry';
import type { IngressClass, IngressClassParametersReference } from '../index.js';

const SPEC = fieldPath('spec');
const MOST_CONTROLLER_BYTES = 250;
const SCOPES = ['Cluster', 'Namespace'];

function validateScope({ scope, namespace }: IngressClassParametersReference, path: FieldPath): FieldError[] {
  const at = path.child('namespace');
  switch (scope) {
    case undefined:
      return [required(path.child('scope'))];
    case 'Cluster':
      return namespace === undefined ? [] : [forbidden(at, "`parameters.scope` is set to 'Cluster'")];
    case 'Namespace':
      return namespace === undefined
        ? [required(at, "`parameters.scope` is set to 'Namespace'")]
        : invalidEach(at, namespace, nameIsDnsLabel(namespace, false));
    default:
      return [notSupported(path.child('scope'), scope, SCOPES)];
  }
}

function validateParameters(parameters: IngressClassParametersReference, path: FieldPath): FieldError[] {
  return [
    ...optional(parameters.apiGroup, path.child('apiGroup'), (group, at) =>
      invalidEach(at, group, isDns1123Subdomain(group)),
    ),
    ...wellFormed(parameters.kind, path.child('kind'), isPathSegmentName),
    ...wellFormed(parameters.name, path.child('name'), isPathSegmentName),
    ...validateScope(parameters, path),
  ];
}

/** Behaves as kubernetes ValidateIngressClass. */
export function validateIngressClass(ingressClass: IngressClass): FieldError[] {
  const { controller = '', parameters } = ingressClass.spec ?? {};
  const path = SPEC.child('controller');
  return [
    ...validateMeta(ingressClass, false),
    ...(controller.length > MOST_CONTROLLER_BYTES ? [tooLong(path, MOST_CONTROLLER_BYTES)] : []),
    ...validateDomainPrefixedPath(controller, path),
    ...optional(parameters, SPEC.child('parameters'), validateParameters),
  ];
}

/** What has changed is told of first. */
export function validateIngressClassUpdate(next: IngressClass, old: IngressClass): FieldError[] {
  const [controller, before] = [next.spec?.controller ?? '', old.spec?.controller ?? ''];
  return [...validateImmutable(controller, before, SPEC.child('controller')), ...validateIngressClass(next)];
}
