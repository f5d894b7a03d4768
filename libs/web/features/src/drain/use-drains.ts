'use client';

import { useCluster } from '@binnacle/web-data';
import { useEffect, useSyncExternalStore } from 'react';
import type { Drain, DrainState } from './drain.js';
import { drains } from './drains.js';

const NONE: readonly Drain[] = [];

/** The drains of this cluster, running or ended and not put away. */
export function useDrains(): readonly Drain[] {
  const { cluster } = useCluster();
  const all = useSyncExternalStore(drains.store.subscribe, drains.store.get, () => NONE);
  return all.filter((drain) => drain.cluster === cluster);
}

export function useDrainState({ store }: Drain): DrainState {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/** While something runs that ends with the page, the browser asks before it leaves it. */
export function useLeaveWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [active]);
}
