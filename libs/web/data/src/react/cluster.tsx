'use client';

import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import { fetchResources } from '../discovery.js';
import { MAIN_CLUSTER } from '../paths.js';
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

/** What the server serves. Kinds come and go with CRDs, so it is asked again now and then. */
export function useDiscovery(cluster = MAIN_CLUSTER) {
  return useQuery({
    queryKey: ['discovery', cluster],
    queryFn: ({ signal }) => fetchResources(cluster, signal),
    staleTime: 30_000,
    refetchInterval: 60_000,
    retry: true,
    retryDelay: (attempt) => Math.min(300 * 2 ** attempt, 3_000),
  });
}
