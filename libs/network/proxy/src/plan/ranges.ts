import { type AddressBytes, parseCidr, parseIp } from '@binnacle/machinery-validation';

/** The first bits of an address as a number: of IPv4 one that is quick to count with. */
function firstBits(bytes: AddressBytes, prefix: number): number | bigint {
  if (bytes.length === 4) return Math.floor(bytes.reduce((bits, byte) => bits * 256 + byte, 0) / 2 ** (32 - prefix));
  return bytes.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n) >> BigInt(128 - prefix);
}

type Networks<T> = Map<number | bigint, T>;

/** What is known of ranges of addresses, found by an address in as many steps as there are lengths of prefixes. */
export class RangeMap<T> {
  /** By bytes of a family, and lengths of prefixes. */
  private readonly families = new Map<number, Map<number, Networks<T>>>();

  /** Who came first has a range; false where it is one already, or none. */
  add(text: string, value: T): boolean {
    const cidr = parseCidr(text);
    if (!cidr) return false;
    const networks = this.networks(cidr.address.length, cidr.prefix);
    const network = firstBits(cidr.address, cidr.prefix);
    if (networks.has(network)) return false;
    networks.set(network, value);
    return true;
  }

  /** Of the narrowest range that holds an address. */
  find(address: string): T | undefined {
    if (this.families.size === 0) return undefined;
    const bytes = parseIp(address);
    const lengths = bytes && this.families.get(bytes.length);
    if (!lengths) return undefined;
    let found: { readonly prefix: number; readonly value: T } | undefined;
    for (const [prefix, networks] of lengths) {
      if (found && found.prefix > prefix) continue;
      const value = networks.get(firstBits(bytes, prefix));
      if (value !== undefined) found = { prefix, value };
    }
    return found?.value;
  }

  private networks(size: number, prefix: number): Networks<T> {
    const lengths = this.families.get(size) ?? new Map<number, Networks<T>>();
    this.families.set(size, lengths);
    const networks = lengths.get(prefix) ?? new Map<number | bigint, T>();
    lengths.set(prefix, networks);
    return networks;
  }
}

/** Ranges of addresses of both families. What is written as no `address/prefix` is left out. */
export class Ranges {
  private readonly ranges = new RangeMap<true>();

  constructor(cidrs: readonly string[]) {
    for (const text of cidrs) this.ranges.add(text.trim(), true);
  }

  has(address: string): boolean {
    return this.ranges.find(address) === true;
  }
}
