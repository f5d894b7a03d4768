import { BlockList, isIP } from 'node:net';
import { type AddressBytes, formatIp, networkOf, parseCidr, parseIp } from '@binnacle/machinery-validation';

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Ranges of addresses of both families. What is written as no `address/prefix` is left out. */
export class Ranges {
  private readonly list = new BlockList();

  constructor(cidrs: readonly string[]) {
    for (const text of cidrs) {
      const cidr = parseCidr(text.trim());
      if (!cidr) continue;
      const address = formatIp(cidr.address);
      this.list.addSubnet(address, cidr.prefix, familyOf(address));
    }
  }

  has(address: string): boolean {
    return isIP(address) !== 0 && this.list.check(address, familyOf(address));
  }
}

const bitsOf = (bytes: AddressBytes): bigint => bytes.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);

/** What is known of ranges of addresses, found by an address in as many steps as there are lengths of prefixes. */
export class RangeMap<T> {
  /** By bits of a family, lengths of prefixes and networks. */
  private readonly families = new Map<number, Map<number, Map<bigint, T>>>();

  /** Who came first has a range; false where it is one already, or none. */
  add(text: string, value: T): boolean {
    const cidr = parseCidr(text);
    if (!cidr) return false;
    const networks = this.networks(cidr.address.length * 8, cidr.prefix);
    const network = bitsOf(networkOf(cidr)) >> BigInt(cidr.address.length * 8 - cidr.prefix);
    if (networks.has(network)) return false;
    networks.set(network, value);
    return true;
  }

  /** Of the narrowest range that holds an address. */
  find(address: string): T | undefined {
    const bytes = parseIp(address);
    const lengths = bytes && this.families.get(bytes.length * 8);
    if (!lengths) return undefined;
    const bits = bitsOf(bytes);
    let found: { readonly prefix: number; readonly value: T } | undefined;
    for (const [prefix, networks] of lengths) {
      if (found && found.prefix > prefix) continue;
      const value = networks.get(bits >> BigInt(bytes.length * 8 - prefix));
      if (value !== undefined) found = { prefix, value };
    }
    return found?.value;
  }

  private networks(size: number, prefix: number): Map<bigint, T> {
    const lengths = this.families.get(size) ?? new Map<number, Map<bigint, T>>();
    this.families.set(size, lengths);
    const networks = lengths.get(prefix) ?? new Map<bigint, T>();
    lengths.set(prefix, networks);
    return networks;
  }
}
