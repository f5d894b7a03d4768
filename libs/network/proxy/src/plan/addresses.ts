import { isIPv6 } from 'node:net';
import { formatIp, parseIp } from '@binnacle/machinery-validation';

export type Family = 'IPv4' | 'IPv6';

export const familyOf = (address: string): Family => (isIPv6(address) ? 'IPv6' : 'IPv4');

const MAPPED = /^::ffff:/;

/** The one text of an address; undefined for what is none, and for IPv4 in the clothes of IPv6. */
export function canonicalAddress(text: string): string | undefined {
  const bytes = parseIp(text);
  const address = bytes && formatIp(bytes);
  return address && MAPPED.test(address) ? undefined : address;
}
