/** From how few to how many: of elements, or of steps. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What has no bound. */
export const MOST = 2 ** 64;

export const UNKNOWN: Range = { min: 0, max: MOST };

const cap = (value: number): number => Math.min(value, MOST);

export const exactly = (value: number): Range => ({ min: value, max: value });
export const plus = (left: Range, right: Range): Range => ({
  min: cap(left.min + right.min),
  max: cap(left.max + right.max),
});
export const times = (left: Range, right: Range): Range => ({
  min: cap(left.min * right.min),
  max: cap(left.max * right.max),
});
export const sum = (ranges: readonly Range[]): Range => ranges.reduce(plus, exactly(0));

/** Each end times a factor, rounded up. */
export const scaled = (range: Range, factor: number): Range => ({
  min: cap(Math.ceil(range.min * factor)),
  max: cap(Math.ceil(range.max * factor)),
});

export const union = (left: Range, right: Range): Range => ({
  min: Math.min(left.min, right.min),
  max: Math.max(left.max, right.max),
});

/** What lists and maps hold: the sizes of their keys and of their values. */
export interface EntrySize {
  readonly container: 'list' | 'map';
  readonly key: Range;
  readonly value: Range;
}

export function unionEntries(left: EntrySize | undefined, right: EntrySize | undefined): EntrySize | undefined {
  if (!left || !right) return undefined;
  return { container: left.container, key: union(left.key, right.key), value: union(left.value, right.value) };
}
