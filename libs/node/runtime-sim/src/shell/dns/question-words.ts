import { isIPv4 } from 'node:net';

/** Types that one may ask for by name. */
const TYPES: ReadonlySet<string> = new Set(
  'A AAAA ANY CAA CNAME DNAME DNSKEY DS HINFO MX NAPTR NS PTR RRSIG SOA SRV TLSA TXT'.split(' '),
);

/** The type that a word is, in capitals; undefined where it is none. */
export function typeOf(word: string): string | undefined {
  const type = word.toUpperCase();
  return TYPES.has(type) ? type : undefined;
}

/** The name by which an address is asked about; undefined where it is none. */
export const reversed = (address: string): string | undefined =>
  isIPv4(address) ? `${address.split('.').reverse().join('.')}.in-addr.arpa` : undefined;

export const said = (stdout: string, exitCode = 0) => ({ stdout, stderr: '', exitCode });
