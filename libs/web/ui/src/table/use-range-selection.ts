import { useRef } from 'react';
import type { HeldRow } from './hold-order.js';

export interface RangeSelection {
  readonly selected: ReadonlySet<string>;
  /** Ticks one row or takes its tick away; with `range` all rows from the one that was ticked last to this one. */
  toggle(key: string, range: boolean): void;
  /** The range that was begun grows or shrinks to end at this row. It begins at `from` where none was begun. */
  extend(from: number, to: number): void;
  /** The next range begins anew. */
  endRange(): void;
  all(on: boolean): void;
  readonly isAll: boolean;
}

interface Range {
  readonly anchor: string;
  /** What was ticked before the range was begun. */
  readonly base: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** The keys of the rows between two, both included, in either order; what has gone is left out. */
export function keysBetween<T>(rows: readonly HeldRow<T>[], one: number, other: number): string[] {
  const [first, last] = [Math.min(one, other), Math.max(one, other)];
  return rows.slice(Math.max(0, first), last + 1).flatMap(({ key, gone }) => (gone ? [] : [key]));
}

function changed(selected: ReadonlySet<string>, keys: readonly string[], on: boolean): ReadonlySet<string> {
  const next = new Set(selected);
  for (const key of keys) {
    if (on) next.add(key);
    else next.delete(key);
  }
  return next;
}

/** Which rows are ticked, one by one or in ranges, as the lists of every desktop do. */
export function useRangeSelection<T>(
  rows: readonly HeldRow<T>[],
  selected: ReadonlySet<string> = NONE,
  onSelect?: (keys: ReadonlySet<string>) => void,
): RangeSelection {
  const last = useRef('');
  const range = useRef<Range>(undefined);
  const indexOf = (key: string) => rows.findIndex((row) => row.key === key);
  const present = rows.filter(({ gone }) => !gone);
  return {
    selected,
    isAll: present.length > 0 && present.every(({ key }) => selected.has(key)),
    toggle: (key, isRange) => {
      const [from, to] = [indexOf(last.current), indexOf(key)];
      const keys = isRange && from >= 0 ? keysBetween(rows, from, to) : [key];
      last.current = key;
      range.current = undefined;
      onSelect?.(changed(selected, keys, !selected.has(key)));
    },
    extend: (from, to) => {
      range.current ??= { anchor: rows[from]?.key ?? '', base: selected };
      const { anchor, base } = range.current;
      last.current = rows[to]?.key ?? '';
      onSelect?.(changed(base, keysBetween(rows, indexOf(anchor), to), true));
    },
    endRange: () => {
      range.current = undefined;
    },
    all: (on) => {
      range.current = undefined;
      onSelect?.(
        on
          ? changed(
              selected,
              present.map(({ key }) => key),
              true,
            )
          : NONE,
      );
    },
  };
}
