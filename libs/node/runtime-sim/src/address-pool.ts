const toNumber = (ip: string): number => ip.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
const toText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

/** The node's own address in its Pod network; never a Pod's. */
const RESERVED_LOW = 2;
const RESERVED_HIGH = 1;

/** Hands out the Pod addresses of one node, the longest unused first. */
export class AddressPool {
  private readonly first: number;
  private readonly count: number;
  private readonly taken = new Set<number>();
  private next = 0;

  constructor(readonly cidr: string) {
    const [network = '', bits = '24'] = cidr.split('/');
    this.first = toNumber(network) + RESERVED_LOW;
    this.count = 2 ** (32 - Number(bits)) - RESERVED_LOW - RESERVED_HIGH;
    if (!(this.count > 0)) throw new Error(`${cidr} has no room for Pods`);
  }

  /** Answers `wanted` where it is of this pool and free, else another; throws when none is left. */
  take(wanted?: string): string {
    const offset = wanted ? toNumber(wanted) - this.first : -1;
    if (offset >= 0 && offset < this.count && !this.taken.has(offset)) return this.give(offset);
    for (let tried = 0; tried < this.count; tried += 1) {
      const candidate = (this.next + tried) % this.count;
      if (this.taken.has(candidate)) continue;
      this.next = candidate + 1;
      return this.give(candidate);
    }
    throw new Error(`no addresses available in ${this.cidr}`);
  }

  release(ip: string): void {
    this.taken.delete(toNumber(ip) - this.first);
  }

  private give(offset: number): string {
    this.taken.add(offset);
    return toText(this.first + offset);
  }
}
