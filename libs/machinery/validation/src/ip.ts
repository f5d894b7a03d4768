import { quote } from '@binnacle/machinery-meta';

/** The bytes of an address: 4 or 16 of them. */
export type AddressBytes = readonly number[];

const DECIMAL = /^\d{1,3}$/;

function parseOctet(text: string): number | undefined {
  const value = Number(text);
  const leadingZero = text.length > 1 && text.startsWith('0');
  return DECIMAL.test(text) && !leadingZero && value <= 255 ? value : undefined;
}

/** Undefined where the text is no dotted quad, or writes an octet with leading zeros. */
export function parseIPv4(text: string): AddressBytes | undefined {
  const octets = text.split('.').map(parseOctet);
  return octets.length === 4 && octets.every((octet) => octet !== undefined) ? octets : undefined;
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [position, part] of parts.entries()) {
    const quad = part.includes('.') && position === parts.length - 1 ? parseIPv4(part) : undefined;
    if (quad) bytes.push(...quad);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255);
    else return undefined;
  }
  return bytes;
}

export function parseIPv6(text: string): AddressBytes | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (!head || !tail) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  const missing = 16 - head.length - tail.length;
  return missing >= 2 ? [...head, ...new Array<number>(missing).fill(0), ...tail] : undefined;
}

export function parseIp(text: string): AddressBytes | undefined {
  return text.includes(':') ? parseIPv6(text) : parseIPv4(text);
}

/** The longest run of two or more zero groups, which RFC 5952 writes as `::`. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** The canonical text of an address. */
export function formatIp(bytes: AddressBytes): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
  const text = groups.map((group) => group.toString(16));
  const zeros = longestZeros(groups);
  if (zeros.start < 0) return text.join(':');
  return `${text.slice(0, zeros.start).join(':')}::${text.slice(zeros.start + zeros.length).join(':')}`;
}

const isMappedIPv4 = (bytes: AddressBytes): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;

export interface Cidr {
  readonly address: AddressBytes;
  readonly prefix: number;
}

export function parseCidr(text: string): Cidr | undefined {
  const [ip = '', length = '', ...rest] = text.split('/');
  const address = parseIp(ip);
  if (!address || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix <= address.length * 8 ? { address, prefix } : undefined;
}

/** The network of a CIDR: its address without the bits beyond the prefix. */
export function networkOf({ address, prefix }: Cidr): AddressBytes {
  return address.map((byte, index) => byte & (255 << (8 - Math.min(8, Math.max(0, prefix - index * 8)))) & 255);
}

/** Both of one family, and the address within the network. */
export function cidrContains(cidr: Cidr, address: AddressBytes): boolean {
  if (cidr.address.length !== address.length) return false;
  const network = networkOf(cidr);
  return networkOf({ address, prefix: cidr.prefix }).every((byte, index) => byte === network[index]);
}

const BAD_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const BAD_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const LEADING_ZERO = /(^|[./])0\d/;

/** Upstream parsed addresses with leading zeros once, so it tells such a mistake by its own name. */
const withoutLeadingZeros = (text: string): string => text.replace(/(^|[./])0+(?=\d)/g, '$1');

/** An address in a field that is older than the rule of one text for each: IPv6 may be written at length. */
export function isIp(value: string): string[] {
  const bytes = parseIp(value);
  if (bytes === undefined) {
    return [LEADING_ZERO.test(value) && parseIp(withoutLeadingZeros(value)) ? 'must not have leading 0s' : BAD_IP];
  }
  return isMappedIPv4(bytes) ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

/** An address in its one canonical text. */
export function isCanonicalIp(value: string): string[] {
  const complaints = isIp(value);
  const text = formatIp(parseIp(value) ?? []);
  return complaints.length > 0 || text === value ? complaints : [`must be in canonical form (${quote(text)})`];
}

/** What to tell of an address that `isIp` accepts. Behaves as apimachinery GetWarningsForIP. */
export function ipWarnings(value: string, path: { toString(): string }): string[] {
  const bytes = parseIp(value);
  if (!bytes || formatIp(bytes) === value) return [];
  const text = quote(formatIp(bytes));
  return [`${path}: IPv6 address ${quote(value)} should be in RFC 5952 canonical format (${text})`];
}

export function isCidr(value: string): string[] {
  const cidr = parseCidr(value);
  if (cidr === undefined) {
    const sloppy = LEADING_ZERO.test(value) && parseCidr(withoutLeadingZeros(value));
    return [sloppy ? 'must not have leading 0s in IP or prefix length' : BAD_CIDR];
  }
  if (isMappedIPv4(cidr.address)) return ['must not have an IPv4-mapped IPv6 address'];
  const network = networkOf(cidr);
  return formatIp(network) === formatIp(cidr.address) ? [] : ['must not have bits set beyond the prefix length'];
}

/** A network in its one canonical text. */
export function isCanonicalCidr(value: string): string[] {
  const complaints = isCidr(value);
  const text = cidrText(value);
  return complaints.length > 0 || text === value ? complaints : [`must be in canonical form (${quote(text)})`];
}

function cidrText(value: string): string {
  const cidr = parseCidr(value);
  return cidr ? `${formatIp(cidr.address)}/${cidr.prefix}` : value;
}

/** The same for a network that `isCidr` accepts. */
export function cidrWarnings(value: string, path: { toString(): string }): string[] {
  const text = cidrText(value);
  if (text === value) return [];
  return [`${path}: IPv6 CIDR value ${quote(value)} should be in RFC 5952 canonical format (${quote(text)})`];
}
