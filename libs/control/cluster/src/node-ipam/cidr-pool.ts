const MASK_BITS = 32;

function parseIp(text: string): number {
  const parts = text.split('.').map(Number);
  const valid = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  if (!valid) throw new RangeError(`"${text}" is no IPv4 address`);
  return parts.reduce((value, part) => value * 256 + part, 0);
}

function formatIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Hands out blocks of one size from an IPv4 range, lowest first after the one handed out last. */
export class CidrPool {
  private readonly base: number;
  private readonly size: number;
  private readonly blocks: number;
  private readonly used = new Set<number>();
  private next = 0;

  /** @throws RangeError where the range is no CIDR or smaller than a block. */
  constructor(
    range: string,
    private readonly blockBits: number,
  ) {
    const [ip = '', bits = ''] = range.split('/');
    const rangeBits = Number(bits);
    if (bits === '' || !Number.isInteger(rangeBits) || rangeBits < 1 || rangeBits > blockBits) {
      throw new RangeError(`"${range}" has no room for blocks of /${blockBits}`);
    }
    this.size = 2 ** (MASK_BITS - blockBits);
    this.blocks = 2 ** (blockBits - rangeBits);
    this.base = Math.floor(parseIp(ip) / (this.size * this.blocks)) * this.size * this.blocks;
  }

  /** Undefined when everything is taken. */
  take(): string | undefined {
    for (let tried = 0; tried < this.blocks; tried += 1) {
      const index = (this.next + tried) % this.blocks;
      if (this.used.has(index)) continue;
      this.used.add(index);
      this.next = (index + 1) % this.blocks;
      return `${formatIp(this.base + index * this.size)}/${this.blockBits}`;
    }
    return undefined;
  }

  /** Marks a block that a node has already; blocks of other ranges and sizes are not ours to count. */
  occupy(cidr: string): void {
    const index = this.indexOf(cidr);
    if (index !== undefined) this.used.add(index);
  }

  release(cidr: string): void {
    const index = this.indexOf(cidr);
    if (index !== undefined) this.used.delete(index);
  }

  private indexOf(cidr: string): number | undefined {
    const [ip = '', bits = ''] = cidr.split('/');
    const index = (parseIp(ip) - this.base) / this.size;
    return Number(bits) === this.blockBits && Number.isInteger(index) && index >= 0 && index < this.blocks
      ? index
      : undefined;
  }
}
