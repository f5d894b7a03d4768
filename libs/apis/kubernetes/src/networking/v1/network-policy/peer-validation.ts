import {
  cidrContains,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  invalidEach,
  isCidr,
  isPortName,
  isPortNumber,
  notSupported,
  parseCidr,
  required,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import { each } from '@binnacle/apis-registry';
import type { IPBlock, NetworkPolicyPeer, NetworkPolicyPort } from '../index.js';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

function validateNumber(port: number, endPort: number | undefined, path: FieldPath): FieldError[] {
  const errors = invalidEach(path.child('port'), port, isPortNumber(port));
  if (endPort === undefined) return errors;
  const end = path.child('endPort');
  const backwards = endPort < port ? [invalid(end, port, 'must be greater than or equal to `port`')] : [];
  return [...errors, ...backwards, ...invalidEach(end, endPort, isPortNumber(endPort))];
}

/** One port or several in a row. Behaves as kubernetes ValidateNetworkPolicyPort. */
export function validatePolicyPort({ protocol, port, endPort }: NetworkPolicyPort, path: FieldPath): FieldError[] {
  const known = protocol === undefined || PROTOCOLS.includes(protocol);
  const errors = known ? [] : [notSupported(path.child('protocol'), protocol, PROTOCOLS)];
  if (typeof port === 'number') return [...errors, ...validateNumber(port, endPort, path)];
  const why = `may not be specified when \`port\` is ${port === undefined ? 'not specified' : 'non-numeric'}`;
  if (endPort !== undefined) errors.push(invalid(path.child('endPort'), endPort, why));
  if (port === undefined) return errors;
  return [...errors, ...invalidEach(path.child('port'), port, isPortName(port))];
}

function validateBlock({ cidr: text, except }: IPBlock, path: FieldPath): FieldError[] {
  if (!text) return [required(path.child('cidr'))];
  const errors = invalidEach(path.child('cidr'), text, isCidr(text));
  const cidr = parseCidr(text);
  if (!cidr) return errors;
  const exceptions = each(except, path.child('except'), (part, at) => {
    const found = invalidEach(at, part, isCidr(part));
    const inner = parseCidr(part);
    if (!inner || (cidrContains(cidr, inner.address) && cidr.prefix < inner.prefix)) return found;
    return [...found, invalid(at, part, 'must be a strict subset of `cidr`')];
  });
  return [...errors, ...exceptions];
}

/** Who may be talked to: Pods, or addresses. Behaves as kubernetes ValidateNetworkPolicyPeer. */
export function validatePeer(peer: NetworkPolicyPeer, path: FieldPath): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const errors = [
    ...validateLabelSelector(podSelector, path.child('podSelector')),
    ...validateLabelSelector(namespaceSelector, path.child('namespaceSelector')),
    ...(ipBlock ? validateBlock(ipBlock, path.child('ipBlock')) : []),
  ];
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  if (!selects && !ipBlock) return [...errors, required(path, 'must specify a peer')];
  if (selects && ipBlock) return [...errors, forbidden(path, 'may not specify both ipBlock and another peer')];
  return errors;
}
