import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalidEach,
  isCanonicalIp,
  isDns1123Subdomain,
  isPathSegmentName,
  required,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, validateMeta, wellFormed } from '@binnacle/apis-registry';
import type { IPAddress, ParentReference } from '../index.js';
import { printer } from './printer.js';

const PARENT = fieldPath('spec', 'parentRef');

function validateParent(parent: ParentReference | undefined, path: FieldPath): FieldError[] {
  if (!parent) return [required(path)];
  const { group, resource, name, namespace } = parent;
  return [
    // Services are of the group without a name.
    ...(group ? invalidEach(path.child('group'), group, isDns1123Subdomain(group)) : []),
    ...wellFormed(resource, path.child('resource'), isPathSegmentName),
    ...wellFormed(name, path.child('name'), isPathSegmentName),
    ...(namespace ? invalidEach(path.child('namespace'), namespace, isPathSegmentName(namespace)) : []),
  ];
}

/** As upstream prints its own structure, which has no JSON names. */
const said = (parent: ParentReference | undefined): object | null => {
  if (!parent) return null;
  const { group = '', resource = '', namespace = '', name = '' } = parent;
  return { Group: group, Resource: resource, Namespace: namespace, Name: name };
};

export const ipAddresses = defineResource<IPAddress>({
  ...addressOf(refs.ipaddresses, ['ip']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.networking.v1.IPAddress',
  roles: ['view'],
  example: {
    metadata: { name: '10.96.0.200' },
    spec: { parentRef: { resource: 'services', namespace: 'ns', name: 'x' } },
  },
  strategy: {
    validate: (address) => [
      ...validateMeta(address, false, isCanonicalIp),
      ...validateParent(address.spec?.parentRef, PARENT),
    ],
    validateUpdate: (next, old) => validateImmutable(said(next.spec?.parentRef), said(old.spec?.parentRef), PARENT),
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
