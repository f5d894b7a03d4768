import { CelError, noSuchOverload, Uint, type Value } from './value.js';

/** A map or an object. */
export abstract class CelMap {
  abstract readonly size: number;
  /** The keys that a comprehension runs over, in their order. */
  abstract keys(): Value[];
  /** Undefined where there is none; an error where it can be no key of this map. */
  abstract find(key: Value): Value | undefined;

  /** The same for `in`, which a map that answers for absent keys too tells the truth. */
  holds(key: Value): Value | undefined {
    return this.find(key);
  }
}

const isWhole = (value: number): boolean => Number.isFinite(value) && Number.isInteger(value);

/** One text for all keys that are equal; numbers are equal whatever their type. */
export function keyText(key: Value): string | undefined {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (key instanceof Uint) return `n${key.value}`;
  if (typeof key === 'number') return isWhole(key) ? `n${BigInt(key)}` : `d${key}`;
  return typeof key === 'boolean' ? `b${key}` : undefined;
}

/** A map that the expression made. */
export class HashMap extends CelMap {
  static readonly empty = new HashMap(new Map());

  constructor(private readonly entries: ReadonlyMap<string, readonly [Value, Value]>) {
    super();
  }

  static from(entries: Iterable<readonly [Value, Value]>): HashMap {
    return new HashMap(new Map([...entries].map((entry) => [keyText(entry[0]) ?? '', entry])));
  }

  get size(): number {
    return this.entries.size;
  }

  keys(): Value[] {
    return [...this.entries.values()].map(([key]) => key);
  }

  find(key: Value): Value | undefined {
    const text = keyText(key);
    return text === undefined ? noSuchOverload(key) : this.entries.get(text)?.[1];
  }
}

/** What a comprehension gathers: a key may come once. */
export class GrowingMap extends CelMap {
  private readonly entries = new Map<string, readonly [Value, Value]>();

  get size(): number {
    return this.entries.size;
  }

  keys(): Value[] {
    return [...this.entries.values()].map(([key]) => key);
  }

  find(key: Value): Value | undefined {
    return this.entries.get(keyText(key) ?? '')?.[1];
  }

  insert(key: Value, value: Value): CelMap | CelError {
    const text = keyText(key);
    if (text === undefined) return new CelError('unsupported key type');
    if (this.entries.has(text)) return new CelError(`insert failed: key ${String(key)} already exists`);
    this.entries.set(text, [key, value]);
    return this;
  }

  freeze(): CelMap {
    return new HashMap(this.entries);
  }
}
