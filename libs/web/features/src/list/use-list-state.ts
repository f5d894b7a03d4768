'use client';

import { formatSort, parseSort, type Sort } from '@binnacle/web-ui';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';

type Params = Readonly<Record<string, string | undefined>>;

function addressWith(changes: Params): string {
  const params = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  const query = params.toString();
  return query ? `?${query}` : window.location.pathname;
}

/** Changes the address without asking the server for the page again; empty values leave it. */
export function replaceParams(changes: Params): void {
  window.history.replaceState(null, '', addressWith(changes));
}

/** Another namespace is another place: the way back leads to the one before. */
export function chooseNamespace(ns: string): void {
  window.history.pushState(null, '', addressWith({ ns, sel: '' }));
}

interface ListState {
  readonly namespace: string;
  readonly query: string;
  readonly status: string;
  readonly sort: Sort | undefined;
  setQuery(query: string): void;
  setStatus(status: string): void;
  /** Ascending, then descending, then the kind's own order. */
  toggleSort(column: string): void;
}

/** What a list shows is in its address: a link shows somebody else the same. */
export function useListState(fallbackSort: string | undefined): ListState {
  const params = useSearchParams();
  const sortText = params.get('sort') ?? fallbackSort;
  const sort = useMemo(() => parseSort(sortText), [sortText]);
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
    setQuery: (q) => replaceParams({ q }),
    setStatus: (status) => replaceParams({ status }),
    toggleSort,
  };
}
