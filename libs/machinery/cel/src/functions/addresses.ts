import { quote } from '@binnacle/machinery-meta';
import {
  type AddressBytes,
  type Cidr as CidrParts,
  cidrContains,
  formatIp,
  networkOf,
  parseCidr,
  parseIp,
} from '@binnacle/machinery-validation';
import { parseAddrMessage } from './go-address.js';
import { CelError, isError, type Opaque, type Value } from '../values/index.js';
import { global, method, type Overload } from './overload.js';

export class Ip implements Opaque {
  readonly typeName = 'net.IP';

  constructor(readonly bytes: AddressBytes) {}

  get costSize(): number {
    return this.bytes.length;
  }

  equals(other: Opaque): boolean | undefined {
    return other instanceof Ip ? formatIp(other.bytes) === formatIp(this.bytes) : undefined;
  }

  toString(): string {
    return formatIp(this.bytes);
  }
}

export class Cidr implements Opaque {
  readonly typeName = 'net.CIDR';

  constructor(readonly parts: CidrParts) {}

  get costSize(): number {
    return Math.ceil(this.parts.prefix / 8);
  }

  equals(other: Opaque): boolean | undefined {
    return other instanceof Cidr ? other.toString() === this.toString() : undefined;
  }

  toString(): string {
    return `${formatIp(this.parts.address)}/${this.parts.prefix}`;
  }
}

const MAX_LENGTH = 128;

const isMapped = (bytes: AddressBytes): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;

function readIp(text: string): Ip | CelError {
  const [address = '', zone] = text.length > MAX_LENGTH ? [''] : text.split('%');
  const bytes = parseIp(address);
  const zoned = zone !== undefined && zone !== '' && bytes?.length === 16;
  if (bytes && zoned) return new CelError(`IP address ${quote(text)} with zone value is not allowed`);
  if (!bytes || zone !== undefined) {
    const reason = parseAddrMessage(text.slice(0, MAX_LENGTH));
    return new CelError(`IP Address ${quote(text)} parse error during conversion from string: ${reason}`);
  }
  return isMapped(bytes) ? new CelError(`IPv4-mapped IPv6 address ${quote(text)} is not allowed`) : new Ip(bytes);
}

const CONVERSION = 'network address parse error during conversion from string';

/** What Go says of a text that is no network. */
function prefixTrouble(text: string): string {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return "no '/'";
  const address = text.slice(0, slash);
  const bytes = text.length > MAX_LENGTH ? undefined : parseIp(address);
  if (!bytes) return parseAddrMessage(address.slice(0, MAX_LENGTH));
  const length = text.slice(slash + 1);
  return /^(0|[1-9]\d{0,2})$/.test(length) ? 'prefix length out of range' : `bad bits after slash: ${quote(length)}`;
}

function readCidr(text: string): Cidr | CelError {
  const parts = text.length > MAX_LENGTH ? undefined : parseCidr(text);
  if (!parts) {
    const reason = prefixTrouble(text);
    return new CelError(`${CONVERSION}: ${CONVERSION}: netip.ParsePrefix(${quote(text)}): ${reason}`);
  }
  if (!isMapped(parts.address)) return new Cidr(parts);
  return new CelError(`${CONVERSION}: IPv4-mapped IPv6 address ${quote(text)} is not allowed`);
}

const all = (bytes: AddressBytes, value: number): boolean => bytes.every((byte) => byte === value);
const isIPv4 = ({ bytes }: Ip): boolean => bytes.length === 4;
const isUnspecified = ({ bytes }: Ip): boolean => all(bytes, 0);
const isLoopback = (ip: Ip): boolean =>
  isIPv4(ip) ? ip.bytes[0] === 127 : all(ip.bytes.slice(0, 15), 0) && ip.bytes[15] === 1;

function isMulticast(ip: Ip): boolean {
  const [first = 0] = ip.bytes;
  return isIPv4(ip) ? (first & 0xf0) === 0xe0 : first === 0xff;
}

function isLinkLocalMulticast(ip: Ip): boolean {
  const [first = 0, second = 0, third = 0] = ip.bytes;
  return isIPv4(ip) ? first === 224 && second === 0 && third === 0 : first === 0xff && (second & 0x0f) === 2;
}

function isLinkLocalUnicast(ip: Ip): boolean {
  const [first = 0, second = 0] = ip.bytes;
  return isIPv4(ip) ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80;
}

function isGlobalUnicast(ip: Ip): boolean {
  const broadcast = isIPv4(ip) && all(ip.bytes, 255);
  return !broadcast && ![isUnspecified, isLoopback, isMulticast, isLinkLocalUnicast].some((is) => is(ip));
}

function contains(cidr: Cidr, ip: Ip | CelError): Value {
  return isError(ip) ? ip : cidrContains(cidr.parts, ip.bytes);
}

function containsCidr(cidr: Cidr, other: Cidr | CelError): Value {
  if (isError(other)) return other;
  return cidr.parts.prefix <= other.parts.prefix && cidrContains(cidr.parts, other.parts.address);
}

const masked = ({ parts }: Cidr): Cidr => new Cidr({ address: networkOf(parts), prefix: parts.prefix });

function isCanonical(text: string): Value {
  const ip = readIp(text);
  return isError(ip) ? ip : ip.toString() === text;
}

export const ADDRESSES: readonly Overload[] = [
  global('string_to_ip', 'ip(string) net.IP', readIp),
  global('is_ip', 'isIP(string) bool', (text: string) => !isError(readIp(text))),
  global('ip_is_canonical', 'ip.isCanonical(string) bool', isCanonical),
  global('ip_to_string', 'string(net.IP) string', (ip: Ip) => ip.toString()),
  method('ip_family', 'family(net.IP) int', (ip: Ip) => (isIPv4(ip) ? 4n : 6n)),
  method('ip_is_unspecified', 'isUnspecified(net.IP) bool', isUnspecified),
  method('ip_is_loopback', 'isLoopback(net.IP) bool', isLoopback),
  method('ip_is_link_local_multicast', 'isLinkLocalMulticast(net.IP) bool', isLinkLocalMulticast),
  method('ip_is_link_local_unicast', 'isLinkLocalUnicast(net.IP) bool', isLinkLocalUnicast),
  method('ip_is_global_unicast', 'isGlobalUnicast(net.IP) bool', isGlobalUnicast),
  global('string_to_cidr', 'cidr(string) net.CIDR', readCidr),
  global('is_cidr', 'isCIDR(string) bool', (text: string) => !isError(readCidr(text))),
  global('cidr_to_string', 'string(net.CIDR) string', (cidr: Cidr) => cidr.toString()),
  method('cidr_ip', 'ip(net.CIDR) net.IP', ({ parts }: Cidr) => new Ip(parts.address)),
  method('cidr_prefix_length', 'prefixLength(net.CIDR) int', ({ parts }: Cidr) => BigInt(parts.prefix)),
  method('cidr_masked', 'masked(net.CIDR) net.CIDR', masked),
  method('cidr_contains_ip_string', 'containsIP(net.CIDR, string) bool', (cidr: Cidr, text: string) =>
    contains(cidr, readIp(text)),
  ),
  method('cidr_contains_ip_ip', 'containsIP(net.CIDR, net.IP) bool', contains),
  method('cidr_contains_cidr_string', 'containsCIDR(net.CIDR, string) bool', (cidr: Cidr, text: string) =>
    containsCidr(cidr, readCidr(text)),
  ),
  method('cidr_contains_cidr', 'containsCIDR(net.CIDR, net.CIDR) bool', containsCidr),
];
