import { sortKey } from './keys.js';
import { type Bounds, lowerBound, type SortedMap } from './sorted-map.js';
import type { Change, StoredObject } from './types.js';

/** The objects of one resource at one revision, in key order. */
export interface OrderedObjects {
  get(key: string): StoredObject | undefined;
  range(bounds?: Bounds): Iterable<StoredObject>;
  count(bounds?: Bounds): number;
}

/** The state before some changes: the present, seen through what the first change of each key replaced. */
export class PastView implements OrderedObjects {
  /** By key; undefined where there was nothing. */
  private readonly before = new Map<string, StoredObject | undefined>();
  private counted: Differences | undefined;
  /** Keys that exist no more, in order. */
  private readonly gone: string[];

  /** `changes` are all changes of the resource since the wanted revision, oldest first, with `previous`. */
  constructor(
    private readonly present: SortedMap<StoredObject>,
    changes: Iterable<Change>,
  ) {
    for (const { object, previous } of changes) {
      const key = sortKey(object.key);
      if (!this.before.has(key)) this.before.set(key, previous);
    }
    const gone = [...this.before].filter(([key, object]) => object && !present.get(key)).map(([key]) => key);
    this.gone = gone.sort();
  }

  private get differences(): Differences {
    if (this.counted) return this.counted;
    const differences = [...this.before].map(([key, object]): [string, number] => {
      return [key, Number(object !== undefined) - Number(this.present.get(key) !== undefined)];
    });
    return (this.counted = new Differences(new Map(differences)));
  }

  get(key: string): StoredObject | undefined {
    return this.before.has(key) ? this.before.get(key) : this.present.get(key);
  }

  *range(bounds: Bounds = {}): Generator<StoredObject> {
    const gone = this.gone.filter((key) => within(bounds, key));
    let next = 0;
    for (const object of this.present.range(bounds)) {
      const key = sortKey(object.key);
      for (; next < gone.length && (gone[next] as string) < key; next += 1)
        yield this.get(gone[next] as string) as StoredObject;
      const past = this.get(key);
      if (past) yield past;
    }
    for (; next < gone.length; next += 1) yield this.get(gone[next] as string) as StoredObject;
  }

  count(bounds: Bounds = {}): number {
    return this.present.count(bounds) + this.differences.count(bounds);
  }
}

/** By how many objects the state before differs from the present, in any part of the order. */
class Differences {
  private readonly keys: readonly string[];
  /** Up to each key, exclusive; one more than there are keys. */
  private readonly sums: number[] = [0];

  constructor(differences: ReadonlyMap<string, number>) {
    this.keys = [...differences.keys()].sort();
    for (const key of this.keys) this.sums.push((this.sums.at(-1) ?? 0) + (differences.get(key) ?? 0));
  }

  count({ from, after, to }: Bounds): number {
    const first = after === undefined ? this.before(from, 0) : this.before(`${after}\u0000`, 0);
    const last = this.before(to, this.keys.length);
    return last > first ? (this.sums[last] ?? 0) - (this.sums[first] ?? 0) : 0;
  }

  /** How many keys there are before one. */
  private before(key: string | undefined, otherwise: number): number {
    return key === undefined ? otherwise : lowerBound(this.keys, key);
  }
}

function within({ from, after, to }: Bounds, key: string): boolean {
  return (from === undefined || key >= from) && (after === undefined || key > after) && (to === undefined || key < to);
}
