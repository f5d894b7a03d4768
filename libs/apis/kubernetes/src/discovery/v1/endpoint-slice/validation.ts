import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  isDns1123Label,
  isDns1123Subdomain,
  isCanonicalIp,
  isIp,
  isQualifiedName,
  nameIsDnsSubdomain,
  required,
  semanticEqual,
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

function validateFamily(address: string, path: FieldPath, type: 'IPv4' | 'IPv6', index: number): FieldError[] {
  const at = path.index(index);
  const complaints = type === 'IPv6' ? isCanonicalIp(address) : isIp(address);
  if (complaints.length > 0) return invalidEach(at, address, complaints);
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  // Upstream tells of another family at the list, not at the address.
  const other = family === type ? [] : [invalid(path, address, `must be an ${type} address`)];
  return [...other, ...validateEndpointAddress(address, at)];
}

/** Addresses of a type that is not known are not looked at. */
function validateAddress(address: string, path: FieldPath, type: string | undefined, index: number): FieldError[] {
  if (type === 'FQDN') return invalidEach(path.index(index), address, isDns1123Subdomain(address));
  return type === 'IPv4' || type === 'IPv6' ? validateFamily(address, path, type, index) : [];
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

function validateEndpoint(endpoint: Endpoint, path: FieldPath, type: string | undefined): FieldError[] {
  const { addresses = [], hostname, nodeName, deprecatedTopology } = endpoint;
  const at = path.child('addresses');
  const topology = path.child('deprecatedTopology');
  return [
    ...(addresses.length > 0 ? [] : [required(at, 'must contain at least 1 address')]),
    ...atMost(addresses, MAX_ADDRESSES, at),
    ...addresses.flatMap((address, index) => validateAddress(address, at, type, index)),
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

/** Whether there are too many is told alone. */
function validateAll<T>(items: readonly T[] | undefined, path: FieldPath, most: number, rule: () => FieldError[]) {
  const tooLong = atMost(items, most, path);
  return tooLong.length > 0 ? tooLong : rule();
}

function validateEndpoints({ addressType, endpoints }: EndpointSlice): FieldError[] {
  const path = fieldPath('endpoints');
  return validateAll(endpoints, path, MAX_ENDPOINTS, () =>
    each(endpoints, path, (endpoint, at) => validateEndpoint(endpoint, at, addressType)),
  );
}

function validateRest(slice: EndpointSlice): FieldError[] {
  const ports = fieldPath('ports');
  return [
    ...validateMeta(slice, true),
    ...oneOf(slice.addressType, fieldPath('addressType'), ADDRESS_TYPES),
    ...validateAll(slice.ports, ports, MAX_PORTS, () => validatePorts(slice.ports, ports)),
  ];
}

/** Behaves as kubernetes pkg/apis/discovery/validation ValidateEndpointSlice. */
export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  return [...validateRest(slice), ...validateEndpoints(slice)];
}

/** Endpoints that stay as they are may be what an earlier version took for good. */
export function validateEndpointSliceUpdate(next: EndpointSlice, old: EndpointSlice): FieldError[] {
  const isKept = semanticEqual(next.endpoints, old.endpoints);
  return [
    ...validateRest(next),
    ...(isKept ? [] : validateEndpoints(next)),
    ...validateImmutable(next.addressType, old.addressType, fieldPath('addressType')),
  ];
}
