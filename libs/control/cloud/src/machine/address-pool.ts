import {
  type AddressBytes,
  type Cidr,
  formatIp,
  isCidr,
  networkOf,
  parseCidr,
  parseIp,
} from '@binnacle/machinery-validation';

export type IpFamily = 'IPv4' | 'IPv6';

/** Addresses from one to another, as numbers. */
interface Range {
  readonly family: IpFamily;
  readonly first: bigint;
  readonly size: bigint;
}

const numberOf = (bytes: AddressBytes): bigint => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
const familyOfBytes = ({ length }: AddressBytes): IpFamily => (length === 4 ? 'IPv4' : 'IPv6');

function textOf(value: bigint, family: IpFamily): string {
  const length = family === 'IPv4' ? 4 : 16;
  return formatIp(Array.from({ length }, (_, at) => Number((value >> BigInt(8 * (length - 1 - at))) & 255n)));
}

/** Undefined where the text is no address. */
export function familyOf(ip: string): IpFamily | undefined {
  const bytes = parseIp(ip);
  return bytes && familyOfBytes(bytes);
}

/** The one text of an address, by which two are compared; what is no address stays as it is. */
export function canonicalIp(ip: string): string {
  const bytes = parseIp(ip);
  return bytes ? formatIp(bytes) : ip;
}

/** Without the network's own address and, of IPv4, the one for all in it; of three addresses or fewer none is left out. */
function rangeOf(cidr: Cidr): Range {
  const family = familyOfBytes(cidr.address);
  const bits = cidr.address.length * 8 - cidr.prefix;
  const [before, after] = bits < 2 ? [0n, 0n] : [1n, family === 'IPv4' ? 1n : 0n];
  return { family, first: numberOf(networkOf(cidr)) + before, size: (1n << BigInt(bits)) - before - after };
}

/** @throws RangeError */
function readRange(text: string): Range {
  const cidr = parseCidr(text);
  const [complaint = 'must be a network such as 127.97.0.0/24'] = isCidr(text);
  if (!cidr || isCidr(text).length > 0) throw new RangeError(`"${text}" ${complaint}`);
  return rangeOf(cidr);
}

/** Where a range has an address, counted from its first. */
function positionIn({ family, first, size }: Range, bytes: AddressBytes): bigint | undefined {
  const at = numberOf(bytes) - first;
  return family === familyOfBytes(bytes) && at >= 0n && at < size ? at : undefined;
}

/** The addresses of some ranges, handed out in turn, so that one that came back is not another's the next moment. */
export class AddressPool {
  private readonly parsed: readonly Range[];
  private readonly last = new Map<IpFamily, bigint>();

  /** @throws RangeError where a range is no network */
  constructor(readonly ranges: readonly string[]) {
    this.parsed = ranges.map(readRange);
  }

  has(family: IpFamily): boolean {
    return this.parsed.some((range) => range.family === family);
  }

  contains(ip: string): boolean {
    const bytes = parseIp(ip);
    return bytes !== undefined && this.parsed.some((range) => positionIn(range, bytes) !== undefined);
  }

  /** How many addresses of a family there are. */
  size(family: IpFamily): bigint {
    return this.of(family).reduce((sum, { size }) => sum + size, 0n);
  }

  /** The next that is free; undefined where none is. */
  next(family: IpFamily, isFree: (ip: string) => boolean): string | undefined {
    const size = this.size(family);
    const begin = (this.last.get(family) ?? -1n) + 1n;
    for (let tried = 0n; tried < size; tried += 1n) {
      const at = (begin + tried) % size;
      const ip = this.at(family, at);
      if (!isFree(ip)) continue;
      this.last.set(family, at);
      return ip;
    }
    return undefined;
  }

  private of(family: IpFamily): readonly Range[] {
    return this.parsed.filter((range) => range.family === family);
  }

  private at(family: IpFamily, position: bigint): string {
    let left = position;
    for (const { first, size } of this.of(family)) {
      if (left < size) return textOf(first + left, family);
      left -= size;
    }
    throw new RangeError(`there is no address ${position}`);
  }
}
