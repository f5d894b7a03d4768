const CHUNK = 128;

interface Chunk<V> {
  keys: string[];
  values: V[];
}

/** Keys from `from` (inclusive), or `after` (exclusive, and stronger), up to `to` (exclusive). */
export interface Bounds {
  readonly from?: string;
  readonly after?: string;
  readonly to?: string;
}

/** A string map kept in key order. Inserting moves at most one chunk, so it stays cheap with hundreds of thousands. */
export class SortedMap<V> {
  private readonly index = new Map<string, V>();
  private chunks: Chunk<V>[] = [];

  get size(): number {
    return this.index.size;
  }

  get(key: string): V | undefined {
    return this.index.get(key);
  }

  set(key: string, value: V): void {
    const known = this.index.has(key);
    this.index.set(key, value);
    const chunk = this.chunks[this.chunkFor(key)];
    if (!chunk) {
      this.chunks.push({ keys: [key], values: [value] });
      return;
    }
    const at = lowerBound(chunk.keys, key);
    if (known) {
      chunk.values[at] = value;
      return;
    }
    chunk.keys.splice(at, 0, key);
    chunk.values.splice(at, 0, value);
    if (chunk.keys.length > CHUNK) this.split(chunk);
  }

  delete(key: string): boolean {
    if (!this.index.delete(key)) return false;
    const position = this.chunkFor(key);
    const chunk = this.chunks[position];
    if (!chunk) return false;
    const at = lowerBound(chunk.keys, key);
    chunk.keys.splice(at, 1);
    chunk.values.splice(at, 1);
    if (chunk.keys.length === 0) this.chunks.splice(position, 1);
    return true;
  }

  /** Values in key order. */
  *range(bounds: Bounds = {}): Generator<V> {
    const start = bounds.after ?? bounds.from;
    let position = start === undefined ? 0 : this.chunkFor(start);
    let at = start === undefined ? 0 : this.startIn(position, start, bounds.after !== undefined);
    for (; position < this.chunks.length; position += 1, at = 0) {
      const { keys, values } = this.chunks[position] as Chunk<V>;
      for (; at < keys.length; at += 1) {
        if (bounds.to !== undefined && (keys[at] as string) >= bounds.to) return;
        yield values[at] as V;
      }
    }
  }

  /** How many keys lie in the bounds. */
  count(bounds: Bounds = {}): number {
    const start = bounds.after ?? bounds.from;
    const first = start === undefined ? 0 : this.rank(start, bounds.after !== undefined);
    const last = bounds.to === undefined ? this.size : this.rank(bounds.to, false);
    return Math.max(0, last - first);
  }

  private rank(key: string, past: boolean): number {
    const position = this.chunkFor(key);
    let before = 0;
    for (let i = 0; i < position; i += 1) before += (this.chunks[i] as Chunk<V>).keys.length;
    return before + this.startIn(position, key, past);
  }

  private startIn(position: number, key: string, past: boolean): number {
    const keys = this.chunks[position]?.keys ?? [];
    const at = lowerBound(keys, key);
    return past && keys[at] === key ? at + 1 : at;
  }

  /** The last chunk that begins at or before the key. */
  private chunkFor(key: string): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (((this.chunks[middle] as Chunk<V>).keys[0] as string) <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private split(chunk: Chunk<V>): void {
    const position = this.chunkFor(chunk.keys[0] as string);
    const half = chunk.keys.length >> 1;
    const upper = { keys: chunk.keys.splice(half), values: chunk.values.splice(half) };
    this.chunks.splice(position + 1, 0, upper);
  }
}

/** The first place in an ordered list that is not before a key. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
