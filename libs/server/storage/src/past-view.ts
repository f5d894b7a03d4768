import { sortKey } from './keys.js';
import type { Bounds, SortedMap } from './sorted-map.js';
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
    let count = this.present.count(bounds);
    for (const [key, object] of this.before) {
      if (!within(bounds, key)) continue;
      const now = this.present.get(key) !== undefined;
      if (object && !now) count += 1;
      if (!object && now) count -= 1;
    }
    return count;
  }
}

function within({ from, after, to }: Bounds, key: string): boolean {
  return (from === undefined || key >= from) && (after === undefined || key > after) && (to === undefined || key < to);
}
