import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalidEach,
  isDns1123Label,
  isIp,
  isPortNumber,
  isQualifiedName,
  nameIsDnsSubdomain,
  required,
} from '@binnacle/machinery-validation';
import { validateEndpointAddress, each, oneOf, optional, validateMeta } from '@binnacle/apis-registry';
import type { EndpointAddress, EndpointPort, Endpoints, EndpointSubset } from '../index.js';
import { PROTOCOLS } from '../pod/container-validation.js';

function validateAddress({ ip, hostname, nodeName }: EndpointAddress, path: FieldPath): FieldError[] {
  return [
    ...invalidEach(path.child('ip'), ip, isIp(ip)),
    ...(hostname ? invalidEach(path.child('hostname'), hostname, isDns1123Label(hostname)) : []),
    ...optional(nodeName, path.child('nodeName'), (name, at) => invalidEach(at, name, nameIsDnsSubdomain(name, false))),
    ...validateEndpointAddress(ip, path.child('ip')),
  ];
}

function validateName(name: string, path: FieldPath, isRequired: boolean): FieldError[] {
  if (name) return invalidEach(path, name, isDns1123Label(name));
  return isRequired ? [required(path)] : [];
}

function validatePort(
  { name = '', port, protocol, appProtocol }: EndpointPort,
  path: FieldPath,
  several: boolean,
): FieldError[] {
  return [
    ...validateName(name, path.child('name'), several),
    ...invalidEach(path.child('port'), port ?? 0, isPortNumber(port ?? 0)),
    ...oneOf(protocol, path.child('protocol'), PROTOCOLS),
    ...optional(appProtocol, path.child('appProtocol'), (text, at) => invalidEach(at, text, isQualifiedName(text))),
  ];
}

function validateSubset(
  { addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset,
  path: FieldPath,
): FieldError[] {
  const none = addresses.length + notReadyAddresses.length === 0;
  return [
    ...(none ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
    ...each(addresses, path.child('addresses'), validateAddress),
    ...each(notReadyAddresses, path.child('notReadyAddresses'), validateAddress),
    ...each(ports, path.child('ports'), (port, at) => validatePort(port, at, ports.length > 1)),
  ];
}

/** Behaves as kubernetes ValidateEndpoints. */
export function validateEndpoints(endpoints: Endpoints): FieldError[] {
  return [...validateMeta(endpoints, true), ...each(endpoints.subsets, fieldPath('subsets'), validateSubset)];
}
