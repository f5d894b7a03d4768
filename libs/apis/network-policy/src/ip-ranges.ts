import type { IPBlock } from '@binnacle/apis-kubernetes/networking/v1';
import { type AddressBytes, networkOf, parseCidr, parseIp } from '@binnacle/machinery-validation';

interface Range {
  /** Without the bits beyond the prefix. */
  readonly network: AddressBytes;
  readonly prefix: number;
}

/** A range of addresses without some parts of it. */
export interface AddressRange extends Range {
  readonly except: readonly Range[];
}

function rangeOf(text: string): Range | undefined {
  const cidr = parseCidr(text);
  return cidr && { network: networkOf(cidr), prefix: cidr.prefix };
}

/** Undefined for what is no range, which holds nothing. */
export function addressRange({ cidr, except = [] }: IPBlock): AddressRange | undefined {
  const range = rangeOf(cidr);
  return range && { ...range, except: except.flatMap((part) => rangeOf(part) ?? []) };
}

/** Of one family, and equal as far as the prefix goes. Many are looked at for a connection: nothing is made for it. */
function isIn({ network, prefix }: Range, address: AddressBytes): boolean {
  if (network.length !== address.length) return false;
  for (let at = 0, left = prefix; left > 0; at += 1, left -= 8) {
    const mask = left >= 8 ? 255 : 255 << (8 - left);
    if (((address[at] as number) & mask) !== ((network[at] as number) & mask)) return false;
  }
  return true;
}

const MOST_KNOWN = 4096;
const known = new Map<string, AddressBytes | undefined>();

/** The same few addresses are asked about again and again. */
function bytesOf(ip: string): AddressBytes | undefined {
  if (known.has(ip)) return known.get(ip);
  if (known.size >= MOST_KNOWN) known.clear();
  const bytes = parseIp(ip);
  known.set(ip, bytes);
  return bytes;
}

/** Nothing is held where the text is no address. */
export function rangeHolds(range: AddressRange, ip: string): boolean {
  const address = bytesOf(ip);
  return address !== undefined && isIn(range, address) && !range.except.some((part) => isIn(part, address));
}
