import { randomUUID } from 'node:crypto';
import type { IPAddress } from '@binnacle/apis-kubernetes/networking/v1';
import { encodeOwners } from '@binnacle/machinery-apply';
import { formatTime, type ManagedFieldsEntry } from '@binnacle/machinery-meta';
import { encodeBody, parseBody } from '@binnacle/server-storage';
import { type ClaimForm, madeAtOf } from './claims.js';

export const IP_ADDRESSES = 'networking.k8s.io/ipaddresses';
const API_VERSION = 'networking.k8s.io/v1';
const FAMILY = 'ipaddress.kubernetes.io/ip-family';
const MANAGED_BY = 'ipaddress.kubernetes.io/managed-by';
const ALLOCATOR = 'ipallocator.k8s.io';

const familyOf = (value: string): 'IPv4' | 'IPv6' => (value.includes(':') ? 'IPv6' : 'IPv4');

/** The server made all of it. */
const ownerOf = (time: string): ManagedFieldsEntry => ({
  manager: 'kube-apiserver',
  operation: 'Update',
  apiVersion: API_VERSION,
  time,
  fieldsType: 'FieldsV1',
  fieldsV1: {
    'f:metadata': { 'f:labels': { '.': {}, [`f:${FAMILY}`]: {}, [`f:${MANAGED_BY}`]: {} } },
    'f:spec': { 'f:parentRef': { '.': {}, 'f:name': {}, 'f:namespace': {}, 'f:resource': {} } },
  },
});

/** An address that a Service holds is an IPAddress, as upstream's: others see who has it. Those that people made are theirs. */
export const ipAddressForm: ClaimForm = {
  resource: IP_ADDRESSES,
  write: ({ value, claimant: { namespace, name }, madeAt }) => {
    const creationTimestamp = formatTime(madeAt);
    const labels = { [FAMILY]: familyOf(value), [MANAGED_BY]: ALLOCATOR };
    const address = {
      metadata: { name: value, uid: randomUUID(), creationTimestamp, labels },
      apiVersion: API_VERSION,
      kind: 'IPAddress',
      spec: { parentRef: { resource: 'services', namespace, name } },
    };
    return {
      body: encodeBody(address, encodeOwners([ownerOf(creationTimestamp)])),
      attributes: { labels, fields: {} },
    };
  },
  read: (stored) => {
    const address = parseBody(stored) as unknown as IPAddress;
    if (address.metadata.labels?.[MANAGED_BY] !== ALLOCATOR) return undefined;
    const { namespace = '', name = '' } = address.spec?.parentRef ?? {};
    return { value: stored.key.name, claimant: { namespace, name, uid: '' }, madeAt: madeAtOf(parseBody(stored)) };
  },
};
