import { BlockList, isIP } from 'node:net';

/** Those of ingress-nginx, and our own, which count first. */
export const PREFIXES = ['ingress.binnacle.dev/', 'nginx.ingress.kubernetes.io/'];

const SIZE = /^(\d{1,12})([kmg]?)$/i;
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1 << 10, m: 1 << 20, g: 1 << 30 };
const SECONDS = /^(\d{1,9})s?$/;
/** Longer values are nobody's. */
const LONGEST_VALUE = 4_096;

/** Reads the annotations of one Ingress. What cannot be read is a problem, told in words, and counts as not there. */
export class Annotations {
  readonly problems: string[] = [];
  private readonly values = new Map<string, string>();
  private readonly unread: Set<string>;

  constructor(annotations: Readonly<Record<string, string>> = {}) {
    for (const prefix of [...PREFIXES].reverse()) {
      for (const [key, value] of Object.entries(annotations)) {
        if (key.startsWith(prefix)) this.values.set(key.slice(prefix.length), value);
      }
    }
    this.unread = new Set(this.values.keys());
  }

  /** The names of those that nobody has asked for. */
  get left(): readonly string[] {
    return [...this.unread].sort();
  }

  /** The first of these names that is there. */
  text(...names: readonly string[]): string | undefined {
    let found: string | undefined;
    for (const name of names) {
      this.unread.delete(name);
      const value = this.values.get(name)?.trim();
      if (value && value.length > LONGEST_VALUE) this.problem(name, 'is too long');
      else if (value) found ??= value;
    }
    return found;
  }

  flag(name: string, otherwise: boolean): boolean {
    return this.read(name, (text) => ({ true: true, false: false })[text], 'is neither true nor false') ?? otherwise;
  }

  whole(name: string, lowest: number, highest: number): number | undefined {
    const parse = (text: string) => {
      const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      return number >= lowest && number <= highest ? number : undefined;
    };
    return this.read(name, parse, `is no whole number from ${lowest} to ${highest}`);
  }

  /** In milliseconds, of seconds. */
  duration(name: string): number | undefined {
    const parse = (text: string) => {
      const [, digits] = SECONDS.exec(text) ?? [];
      return digits === undefined ? undefined : Number(digits) * 1000;
    };
    return this.read(name, parse, 'is no number of seconds');
  }

  /** In bytes, of `8m` and the like; 0 for any. */
  size(name: string): number | undefined {
    const parse = (text: string) => {
      const [, digits, unit = ''] = SIZE.exec(text) ?? [];
      return digits === undefined ? undefined : Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
    };
    return this.read(name, parse, 'is no size such as 8m');
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | undefined {
    const parse = (text: string) => words.find((word) => word.toLowerCase() === text.toLowerCase());
    return this.read(name, parse, `is none of ${words.join(', ')}`);
  }

  /** A value that fits a pattern. */
  fitting(name: string, pattern: RegExp, otherwise: string): string | undefined {
    return this.read(name, (text) => (pattern.test(text) ? text : undefined), otherwise);
  }

  /** Ranges of addresses; `broken` where any of them is none, so that nobody is let in by a slip of the pen. */
  ranges(...names: readonly [string, ...string[]]): BlockList | 'broken' | undefined {
    const text = this.text(...names);
    if (text === undefined) return names.some((name) => this.values.get(name)?.trim()) ? 'broken' : undefined;
    const ranges = rangesOf(text);
    if (!ranges) this.problem(names[0], 'holds something that is no range of addresses');
    return ranges ?? 'broken';
  }

  problem(name: string, words: string): void {
    this.problems.push(`the annotation ${name} ${words}`);
  }

  private read<T>(name: string, parse: (text: string) => T | undefined, otherwise: string): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) this.problem(name, otherwise);
    return value;
  }
}

const FAMILIES = { 4: 'ipv4', 6: 'ipv6' } as const;

function rangesOf(text: string): BlockList | undefined {
  const ranges = new BlockList();
  for (const range of text.split(',').map((one) => one.trim())) {
    const [address = '', length, more] = range.split('/');
    const version = isIP(address) as 0 | 4 | 6;
    const most = version === 4 ? 32 : 128;
    const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
    if (version === 0 || more !== undefined || !(bits >= 0 && bits <= most)) return undefined;
    ranges.addSubnet(address, bits, FAMILIES[version]);
  }
  return ranges;
}
