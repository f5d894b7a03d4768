'use client';

import type { LiveQuery } from '@binnacle/machinery-live';
import type { UnstructuredObject } from '../resources.js';
import { useCluster } from './cluster.js';
import { useLive } from './live.js';

/** One text for objects as they are: it changes when one of them does. */
export function revisionOf(objects: readonly UnstructuredObject[]): string {
  return objects
    .map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`)
    .sort()
    .join();
}

/** One text for all objects of a kind, by its id, or some of them; undefined while they are not known, or may not be seen. */
export function useRevision(
  id: string,
  narrow: Pick<LiveQuery, 'namespace' | 'fieldSelector'> = {},
): string | undefined {
  const { cluster, resources } = useCluster();
  const kind = resources.byId(id);
  const { items, phase } = useLive(
    kind && {
      cluster,
      group: kind.group,
      version: kind.version,
      resource: kind.resource,
      ...narrow,
      metadataOnly: true,
    },
  );
  return phase === 'live' ? revisionOf(items) : undefined;
}
