import type { ReactNode } from 'react';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** A CSS grid track: `minmax(12rem,2fr)`, `7rem`. */
  readonly track: string;
  readonly cell: (row: T) => ReactNode;
  readonly align?: 'end';
  readonly sortable?: boolean;
  /** Shown only in tables at least this many pixels wide. */
  readonly from?: number;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** `-age` is age, descending. */
export function parseSort(text: string | null | undefined): Sort | undefined {
  if (!text) return undefined;
  return text.startsWith('-') ? { column: text.slice(1), descending: true } : { column: text, descending: false };
}

export function formatSort(sort: Sort): string {
  return (sort.descending ? '-' : '') + sort.column;
}

export type SortValue = string | number;

const collator = new Intl.Collator('en', { numeric: true });

export function compareValues(a: SortValue, b: SortValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}
