'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import type { Tone, ToneCounts } from '@binnacle/web-ui';
import { useMemo } from 'react';
import type { KindView, Surroundings } from '../view/kind-view.js';
import { statusOf } from '../view/status-of.js';
import type { Compare } from './use-columns.js';

export interface Rows {
  readonly rows: readonly UnstructuredObject[];
  /** How many of all, whatever the filter, stand how. */
  readonly counts: ToneCounts;
}

interface RowOptions {
  readonly view: KindView;
  readonly around: Surroundings;
  /** The filter that was typed; undefined where there is none. */
  readonly passes: ((object: UnstructuredObject) => boolean) | undefined;
  readonly status: string;
  readonly compare: Compare;
}

function countTones(items: readonly UnstructuredObject[], view: KindView, around: Surroundings): ToneCounts {
  const counts: Partial<Record<Tone, number>> = {};
  for (const item of items) {
    const tone = statusOf(view, item, around)?.tone;
    if (tone) counts[tone] = (counts[tone] ?? 0) + 1;
  }
  return counts;
}

/** Filters and sorts the items of a list. */
export function useRows(items: readonly UnstructuredObject[], options: RowOptions): Rows {
  const { view, around, passes, status, compare } = options;
  const counts = useMemo(() => countTones(items, view, around), [items, view, around]);
  const rows = useMemo(() => {
    return items
      .filter((object) => (!status || statusOf(view, object, around)?.tone === status) && (!passes || passes(object)))
      .sort(compare);
  }, [items, view, around, passes, status, compare]);
  return { rows, counts };
}
