import {
  cidrContains,
  type FieldError,
  type FieldPath,
  invalid,
  parseCidr,
  parseIp,
} from '@binnacle/machinery-validation';

const SPECIAL = [
  { ranges: ['169.254.0.0/16', 'fe80::/10'], why: 'may not be in the link-local range (169.254.0.0/16, fe80::/10)' },
  {
    ranges: ['224.0.0.0/24', 'ff02::/16'],
    why: 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  },
].map(({ ranges, why }) => ({ why, cidrs: ranges.map(parseCidr).filter((cidr) => cidr !== undefined) }));

/**
 * Refuses addresses that mean something else on every node. Unlike upstream it lets loopback pass: the control plane and
 * simulated nodes have their addresses there.
 */
export function validateEndpointAddress(ip: string, path: FieldPath): FieldError[] {
  const address = parseIp(ip);
  if (!address) return [invalid(path, ip, 'must be a valid IP address')];
  const unspecified = address.every((byte) => byte === 0);
  const errors = unspecified ? [invalid(path, ip, `may not be unspecified (${ip})`)] : [];
  const special = SPECIAL.filter(({ cidrs }) => cidrs.some((cidr) => cidrContains(cidr, address)));
  return [...errors, ...special.map(({ why }) => invalid(path, ip, why))];
}
