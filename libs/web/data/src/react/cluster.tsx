'use client';

import { DEFAULT_CLUSTER, isNotFound } from '@binnacle/machinery-meta';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import { fetchResources } from '../discovery.js';
import type { ResourceIndex } from '../resources.js';

interface ClusterValue {
  readonly cluster: string;
  readonly resources: ResourceIndex;
}

const ClusterContext = createContext<ClusterValue | undefined>(undefined);

/** Everything below speaks of this logical cluster. */
export function ClusterProvider(props: { cluster: string; resources: ResourceIndex; children: ReactNode }) {
  return (
    <ClusterContext value={{ cluster: props.cluster, resources: props.resources }}>{props.children}</ClusterContext>
  );
}

export function useCluster(): ClusterValue {
  const value = useContext(ClusterContext);
  if (!value) throw new Error('useCluster is used outside a ClusterProvider');
  return value;
}

/** Answers the old index where the new one says the same, so that nothing is drawn anew. */
export function sameOrNew(old: ResourceIndex | undefined, fresh: ResourceIndex): ResourceIndex {
  return old && JSON.stringify(old.all) === JSON.stringify(fresh.all) ? old : fresh;
}

/**
 * What the server serves. Whoever may see no CustomResourceDefinitions is told nothing of their changes, so it is asked again now
 * and then.
 */
export function useDiscovery(cluster = DEFAULT_CLUSTER) {
  return useQuery({
    queryKey: ['discovery', cluster],
    queryFn: ({ signal }) => fetchResources(cluster, signal),
    structuralSharing: (old, fresh) => sameOrNew(old as ResourceIndex | undefined, fresh as ResourceIndex),
    staleTime: 30_000,
    refetchInterval: 60_000,
    // A cluster that is not there does not come by waiting; anything else may pass.
    retry: (_, error) => !isNotFound(error),
    retryDelay: (attempt) => Math.min(300 * 2 ** attempt, 3_000),
  });
}
