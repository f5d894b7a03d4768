export interface Interval {
  readonly first: number;
  readonly last: number;
}

/** Puts intervals in order and joins those that touch. */
function joined(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (!before || next.first > before.last + 1) result.push(next);
    else if (next.last > before.last) result[result.length - 1] = { first: before.first, last: next.last };
  }
  return result;
}

const INTEGER = /^\d+$/;

function parseInterval(text: string, completions: number): Interval[] {
  const [from = '', to = from] = text.split('-');
  const first = Number(from);
  if (!INTEGER.test(from) || !INTEGER.test(to) || first >= completions) return [];
  return [{ first, last: Math.min(Number(to), completions - 1) }];
}

function written({ first, last }: Interval): string {
  if (first === last) return `${first}`;
  return last === first + 1 ? `${first},${last}` : `${first}-${last}`;
}

/** Indexes of a Job as its status writes them, `1,3-5,7`, kept as intervals however many there are. Never changes. */
export class IndexSet {
  static readonly empty = new IndexSet([]);

  private constructor(
    /** In order; none touches the next. */
    readonly intervals: readonly Interval[],
  ) {}

  static of(indexes: Iterable<number>): IndexSet {
    return new IndexSet(joined([...indexes].map((index) => ({ first: index, last: index }))));
  }

  /** Those below `completions`; what cannot be read is passed over. */
  static parse(text: string | undefined, completions: number): IndexSet {
    if (!text) return IndexSet.empty;
    return new IndexSet(joined(text.split(',').flatMap((part) => parseInterval(part, completions))));
  }

  get size(): number {
    return this.intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  has(index: number): boolean {
    let [low, high] = [0, this.intervals.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.intervals[middle] as Interval).last >= index) high = middle;
      else low = middle + 1;
    }
    const found = this.intervals[low];
    return found !== undefined && found.first <= index;
  }

  union(other: IndexSet): IndexSet {
    return new IndexSet(joined([...this.intervals, ...other.intervals]));
  }

  /** How many indexes are in both. */
  shared(other: IndexSet): number {
    let [mine, theirs, count] = [0, 0, 0];
    for (;;) {
      const [a, b] = [this.intervals[mine], other.intervals[theirs]];
      if (!a || !b) return count;
      count += Math.max(0, Math.min(a.last, b.last) - Math.max(a.first, b.first) + 1);
      if (a.last < b.last) mine += 1;
      else theirs += 1;
    }
  }

  /** The first `count` indexes below `completions` that are not in it. */
  firstMissing(count: number, completions: number): number[] {
    const missing: number[] = [];
    let candidate = 0;
    for (const { first, last } of [...this.intervals, { first: completions, last: completions }]) {
      for (; candidate < Math.min(first, completions) && missing.length < count; candidate += 1)
        missing.push(candidate);
      candidate = Math.max(candidate, last + 1);
    }
    return missing;
  }

  toString(): string {
    return this.intervals.map(written).join(',');
  }
}
