'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import type { Tone, ToneCounts } from '@binnacle/web-ui';
import { useMemo } from 'react';
import type { KindColumn, KindView } from '../kinds/kind-view.js';
import { objectFilter } from './filter.js';
import { type Compare, statusOf } from './use-columns.js';

export interface Rows {
  readonly rows: readonly UnstructuredObject[];
  /** How many of all, whatever the filter, stand how. */
  readonly counts: ToneCounts;
}

export interface RowOptions {
  readonly view: KindView;
  readonly columns: readonly KindColumn[];
  readonly query: string;
  readonly status: string;
  readonly compare: Compare;
}

function countTones(items: readonly UnstructuredObject[], view: KindView): ToneCounts {
  const counts: Partial<Record<Tone, number>> = {};
  for (const item of items) {
    const tone = statusOf(view, item)?.tone;
    if (tone) counts[tone] = (counts[tone] ?? 0) + 1;
  }
  return counts;
}

/** Filters and sorts the items of a list. */
export function useRows(items: readonly UnstructuredObject[], options: RowOptions): Rows {
  const { view, columns, query, status, compare } = options;
  const counts = useMemo(() => countTones(items, view), [items, view]);
  const rows = useMemo(() => {
    const words = (object: UnstructuredObject) => columns.map((column) => column.value(object)).join('\n');
    const passes = objectFilter(query, words);
    return items
      .filter((object) => (!status || statusOf(view, object)?.tone === status) && (!passes || passes(object)))
      .sort(compare);
  }, [items, view, columns, query, status, compare]);
  return { rows, counts };
}
