import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isDns1123Subdomain,
  isPathSegmentName,
  isPortName,
  isPortNumber,
  nameIsDnsLabel,
  required,
} from '@binnacle/machinery-validation';
import { optional, wellFormed } from '@binnacle/apis-registry';
import type { TypedLocalObjectReference } from '../../../core/v1/index.js';
import type { IngressBackend, IngressServiceBackend } from '../index.js';

function validateResource(resource: TypedLocalObjectReference, path: FieldPath): FieldError[] {
  return [
    ...optional(resource.apiGroup, path.child('apiGroup'), (group, at) =>
      invalidEach(at, group, isDns1123Subdomain(group)),
    ),
    ...wellFormed(resource.kind, path.child('kind'), isPathSegmentName),
    ...wellFormed(resource.name, path.child('name'), isPathSegmentName),
  ];
}

/** By name or by number; what is wrong with both together is told of the backend. */
function validatePort({ port = {} }: IngressServiceBackend, path: FieldPath): FieldError[] {
  const { name = '', number = 0 } = port;
  const at = path.child('service', 'port');
  if (name && number) return [invalid(path, '', 'cannot set both port name & port number')];
  if (name) return invalidEach(at.child('name'), name, isPortName(name));
  if (number) return invalidEach(at.child('number'), number, isPortNumber(number));
  return [required(path, 'port name or number is required')];
}

/** Behaves as kubernetes validateIngressBackend. */
export function validateBackend({ resource, service }: IngressBackend, path: FieldPath): FieldError[] {
  if (resource && service) return [invalid(path, '', 'cannot set both resource and service backends')];
  if (resource) return validateResource(resource, path.child('resource'));
  if (!service) return [invalid(path, '', 'resource or service backend is required')];
  const isName = (name: string): string[] => nameIsDnsLabel(name, false);
  return [...wellFormed(service.name, path.child('service', 'name'), isName), ...validatePort(service, path)];
}
