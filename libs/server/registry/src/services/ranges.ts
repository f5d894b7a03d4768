import { cidrContains, formatIp, networkOf, parseCidr, parseIp } from '@binnacle/machinery-validation';
import type { ValueRange } from './allocator.js';

const SMALLEST_STATIC_BAND = 16;
const BIGGEST_STATIC_BAND = 256;
const LONGEST_COUNTED_BITS = 20;

/** As kubernetes portallocator shows it, whatever the range is. */
const BEHIND_PORTS = 32_769;

/** The part of a range kept for values asked for by name. Behaves as kubernetes ipallocator calculateRangeOffset. */
function staticBand(size: number): number {
  if (size <= SMALLEST_STATIC_BAND) return 0;
  return Math.min(BIGGEST_STATIC_BAND, Math.max(SMALLEST_STATIC_BAND, Math.floor(size / 16)));
}

function addressAt(network: readonly number[], offset: number): string {
  const bytes = [...network];
  let carry = offset;
  for (let at = bytes.length - 1; at >= 0 && carry > 0; at -= 1) {
    const sum = (bytes[at] ?? 0) + carry;
    bytes[at] = sum % 256;
    carry = Math.floor(sum / 256);
  }
  return formatIp(bytes);
}

/** The addresses of a network without its first, and without the broadcast address of IPv4. Throws for a bad CIDR. */
export function addressRange(text: string): ValueRange {
  const cidr = parseCidr(text);
  if (!cidr) throw new Error(`${text} is no range of addresses such as 10.96.0.0/16`);
  const network = networkOf(cidr);
  const bits = Math.min(network.length * 8 - cidr.prefix, LONGEST_COUNTED_BITS);
  const size = Math.max(0, 2 ** bits - (network.length === 4 ? 2 : 1));
  return {
    size,
    dummy: addressAt(network, 0),
    dynamicFrom: staticBand(size),
    valueAt: (position) => addressAt(network, position + 1),
    contains: (value) => {
      const address = parseIp(value);
      return address !== undefined && cidrContains(cidr, address);
    },
    toString: () => text,
  };
}

/** `30000-32767`. Throws for anything else. */
export function portRange(text: string): ValueRange {
  const [first = Number.NaN, last = Number.NaN] = text.split('-').map(Number);
  if (!Number.isInteger(first) || !Number.isInteger(last) || last < first || last > 65_535) {
    throw new Error(`${text} is no range of ports such as 30000-32767`);
  }
  const size = last - first + 1;
  return {
    size,
    dummy: String(BEHIND_PORTS),
    dynamicFrom: size < 16 ? 0 : Math.min(128, Math.max(16, Math.floor(size / 32))),
    valueAt: (position) => String(first + position),
    contains: (value) => Number(value) >= first && Number(value) <= last,
    toString: () => text,
  };
}
