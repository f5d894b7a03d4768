import {
  type Cidr,
  cidrContains,
  type FieldError,
  type FieldPath,
  invalid,
  parseCidr,
  parseIp,
} from '@binnacle/machinery-validation';

const LOOPBACK = special(['127.0.0.0/8', '::1/128'], 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
const LINK_LOCAL = [
  special(['169.254.0.0/16', 'fe80::/10'], 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'),
  special(['224.0.0.0/24', 'ff02::/16'], 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'),
];

interface Special {
  readonly why: string;
  readonly cidrs: readonly Cidr[];
}

function special(ranges: readonly string[], why: string): Special {
  return { why, cidrs: ranges.map(parseCidr).filter((cidr) => cidr !== undefined) };
}

function refuse(ip: string, path: FieldPath, ranges: readonly Special[]): FieldError[] {
  const address = parseIp(ip);
  if (!address) return [invalid(path, ip, 'must be a valid IP address')];
  const unspecified = address.every((byte) => byte === 0);
  const errors = unspecified ? [invalid(path, ip, `may not be unspecified (${ip})`)] : [];
  const found = ranges.filter(({ cidrs }) => cidrs.some((cidr) => cidrContains(cidr, address)));
  return [...errors, ...found.map(({ why }) => invalid(path, ip, why))];
}

/** Refuses addresses that mean something else on every node. Behaves as kubernetes ValidateEndpointIP. */
export function validateReachableAddress(ip: string, path: FieldPath): FieldError[] {
  return refuse(ip, path, [LOOPBACK, ...LINK_LOCAL]);
}

/**
 * The same for an endpoint. Unlike upstream it lets loopback pass: the control plane and simulated nodes have their
 * addresses there.
 */
export function validateEndpointAddress(ip: string, path: FieldPath): FieldError[] {
  return refuse(ip, path, LINK_LOCAL);
}
