import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalidEach,
  isDns1123Label,
  isDns1123Subdomain,
  isCanonicalIp,
  isIp,
  isQualifiedName,
  nameIsDnsSubdomain,
  required,
  tooMany,
  validateImmutable,
  validateLabels,
} from '@binnacle/machinery-validation';
import { PROTOCOLS } from '../../../core/v1/pod/container-validation.js';
import {
  validateEndpointAddress,
  each,
  oneOf,
  optional,
  present,
  type Rule,
  validateMeta,
} from '@binnacle/apis-registry';
import type { Endpoint, EndpointPort, EndpointSlice, ForZone } from '../index.js';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAX_ENDPOINTS = 1000;
const MAX_PORTS = 20_000;
const MAX_ADDRESSES = 100;
const MAX_HINTS = 8;
const MAX_TOPOLOGY_LABELS = 16;

const atMost = (items: object | undefined, most: number, path: FieldPath): FieldError[] => {
  const count = Object.keys(items ?? {}).length;
  return count > most ? [tooMany(path, count, most)] : [];
};

function familyComplaints(address: string, type: string): string[] {
  const complaints = type === 'IPv6' ? isCanonicalIp(address) : isIp(address);
  if (complaints.length > 0) return complaints;
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return family === type ? [] : [`must be a valid ${type} address`];
}

function validateAddress(address: string, path: FieldPath, type: string): FieldError[] {
  if (type === 'FQDN') return invalidEach(path, address, isDns1123Subdomain(address));
  const complaints = familyComplaints(address, type);
  return complaints.length > 0 ? invalidEach(path, address, complaints) : validateEndpointAddress(address, path);
}

function validateNames(hints: readonly ForZone[] | undefined, at: FieldPath, check: Rule<string>): FieldError[] {
  const seen = new Set<string>();
  return [
    ...atMost(hints, MAX_HINTS, at),
    ...each(hints, at, ({ name }, hint) => {
      const repeated = seen.has(name) ? [duplicate(hint.child('name'), name)] : [];
      seen.add(name);
      return [...check(name, hint.child('name')), ...repeated];
    }),
  ];
}

const validateNodeName: Rule<string> = (name, path) => invalidEach(path, name, nameIsDnsSubdomain(name, false));

function validateHints({ hints }: Endpoint, path: FieldPath): FieldError[] {
  return [
    ...validateNames(hints?.forZones, path.child('forZones'), (name, at) => present(name, at)),
    ...validateNames(hints?.forNodes, path.child('forNodes'), validateNodeName),
  ];
}

function validateEndpoint(endpoint: Endpoint, path: FieldPath, type: string): FieldError[] {
  const { addresses = [], hostname, nodeName, deprecatedTopology } = endpoint;
  const at = path.child('addresses');
  const topology = path.child('deprecatedTopology');
  return [
    ...(addresses.length > 0 ? [] : [required(at, 'must contain at least 1 address')]),
    ...atMost(addresses, MAX_ADDRESSES, at),
    ...each(addresses, at, (address, addressAt) => validateAddress(address, addressAt, type)),
    ...optional(nodeName, path.child('nodeName'), (name, nameAt) =>
      invalidEach(nameAt, name, nameIsDnsSubdomain(name, false)),
    ),
    ...atMost(deprecatedTopology, MAX_TOPOLOGY_LABELS, topology),
    ...validateLabels(deprecatedTopology, topology),
    ...optional(hostname, path.child('hostname'), (name, nameAt) => invalidEach(nameAt, name, isDns1123Label(name))),
    ...validateHints(endpoint, path.child('hints')),
  ];
}

function validatePorts(ports: readonly EndpointPort[] | undefined, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return each(ports, path, ({ name = '', protocol, appProtocol }, at) => {
    const repeated = seen.has(name) ? [duplicate(at.child('name'), name)] : [];
    seen.add(name);
    return [
      ...(name ? invalidEach(at.child('name'), name, isDns1123Label(name)) : []),
      ...repeated,
      ...oneOf(protocol, at.child('protocol'), PROTOCOLS),
      ...optional(appProtocol, at.child('appProtocol'), (text, textAt) =>
        invalidEach(textAt, text, isQualifiedName(text)),
      ),
    ];
  });
}

/** Behaves as kubernetes pkg/apis/discovery/validation ValidateEndpointSlice. */
export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  const { addressType, endpoints, ports } = slice;
  return [
    ...validateMeta(slice, true),
    ...oneOf(addressType, fieldPath('addressType'), ADDRESS_TYPES),
    ...atMost(endpoints, MAX_ENDPOINTS, fieldPath('endpoints')),
    ...each(endpoints, fieldPath('endpoints'), (endpoint, at) => validateEndpoint(endpoint, at, addressType)),
    ...atMost(ports, MAX_PORTS, fieldPath('ports')),
    ...validatePorts(ports, fieldPath('ports')),
  ];
}

export function validateEndpointSliceUpdate(next: EndpointSlice, old: EndpointSlice): FieldError[] {
  return validateImmutable(next.addressType, old.addressType, fieldPath('addressType'));
}
