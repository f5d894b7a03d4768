'use client';

import { listQuery, type LiveQuery, useCluster } from '@binnacle/web-data';

/** The live query of a kind by its id; undefined where the server does not serve it. */
export function useQueryOf(
  id: string,
  narrow: Pick<LiveQuery, 'namespace' | 'labelSelector' | 'fieldSelector'>,
): LiveQuery | undefined {
  const { cluster, resources } = useCluster();
  const resource = resources.byId(id);
  if (!resource) return undefined;
  return listQuery(cluster, resource, narrow);
}
