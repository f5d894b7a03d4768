'use client';

import { formatSort, parseSort, type Sort } from '@binnacle/web-ui';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';

/** Changes the address without asking the server for the page again; empty values leave it. */
export function replaceParams(changes: Readonly<Record<string, string | undefined>>): void {
  const params = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  const query = params.toString();
  window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname);
}

export interface ListState {
  readonly namespace: string;
  readonly query: string;
  readonly status: string;
  readonly sort: Sort | undefined;
  readonly selected: ReadonlySet<string>;
  setQuery(query: string): void;
  setStatus(status: string): void;
  setSelected(keys: ReadonlySet<string>): void;
  /** Ascending, then descending, then the kind's own order. */
  toggleSort(column: string): void;
}

/** What a list shows is in its address: a link shows somebody else the same. */
export function useListState(fallbackSort: string | undefined): ListState {
  const params = useSearchParams();
  const [sortText, selectedText] = [params.get('sort') ?? fallbackSort, params.get('sel') ?? ''];
  const sort = useMemo(() => parseSort(sortText), [sortText]);
  const selected = useMemo(() => new Set(selectedText ? selectedText.split(',') : []), [selectedText]);
  const toggleSort = useCallback(
    (column: string) => {
      const next =
        sort?.column !== column
          ? { column, descending: false }
          : sort.descending
            ? undefined
            : { column, descending: true };
      replaceParams({ sort: next && formatSort(next) });
    },
    [sort],
  );
  return {
    namespace: params.get('ns') ?? '',
    query: params.get('q') ?? '',
    status: params.get('status') ?? '',
    sort,
    selected,
    setQuery: (q) => replaceParams({ q }),
    setStatus: (status) => replaceParams({ status }),
    setSelected: (keys) => replaceParams({ sel: [...keys].join(',') }),
    toggleSort,
  };
}
