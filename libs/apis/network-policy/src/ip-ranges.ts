import type { IPBlock } from '@binnacle/apis-kubernetes/networking/v1';
import { type AddressBytes, type Cidr, cidrContains, parseCidr, parseIp } from '@binnacle/machinery-validation';

/** A range of addresses without some parts of it. */
export interface AddressRange {
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
}

/** Undefined for what is no range, which holds nothing. */
export function addressRange({ cidr: text, except = [] }: IPBlock): AddressRange | undefined {
  const cidr = parseCidr(text);
  return cidr && { cidr, except: except.flatMap((part) => parseCidr(part) ?? []) };
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
export function rangeHolds({ cidr, except }: AddressRange, ip: string): boolean {
  const address = bytesOf(ip);
  return address !== undefined && cidrContains(cidr, address) && !except.some((part) => cidrContains(part, address));
}
