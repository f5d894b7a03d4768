'use client';

import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { type LiveView, useLive, useNow } from '@binnacle/web-data';
import { useMemo } from 'react';
import { useQueryOf } from '../objects/use-query-of.js';
import { isLost } from '../nodes/node-status.js';
import { endpointCounts } from '../services/service-status.js';
import type { KindView, Surroundings } from '../view/kind-view.js';

const MINUTE_MILLISECONDS = 60_000;

export interface Sight {
  readonly around: Surroundings;
  /** What it was read from: what is said of the objects stands on these as well. */
  readonly views: readonly LiveView[];
}

/** What must be known besides the objects of a kind, to say how they stand. Empty `namespace` means all. */
export function useSurroundings(view: KindView, namespace = ''): Sight {
  const nodesQuery = useQueryOf('nodes', {});
  const slicesQuery = useQueryOf('endpointslices.discovery.k8s.io', namespace ? { namespace } : {});
  const nodes = useLive(view.needs === 'nodes' ? nodesQuery : undefined);
  const slices = useLive(view.needs === 'endpoints' ? slicesQuery : undefined);
  const now = Math.floor(useNow() / MINUTE_MILLISECONDS) * MINUTE_MILLISECONDS;
  const lostNodes = useMemo(() => namesOfLost(nodes), [nodes]);
  const endpoints = useMemo(() => countsOf(slices), [slices]);
  return useMemo(
    () => ({ around: { now, lostNodes, endpoints }, views: view.needs === 'endpoints' ? [slices] : [] }),
    [now, lostNodes, endpoints, view.needs, slices],
  );
}

function namesOfLost({ items }: LiveView): ReadonlySet<string> {
  const nodes = items as unknown as readonly Node[];
  return new Set(nodes.filter(isLost).map(({ metadata }) => metadata.name ?? ''));
}

function countsOf({ items, phase }: LiveView): Surroundings['endpoints'] {
  if (phase !== 'live' && phase !== 'stale') return undefined;
  return endpointCounts(items as unknown as readonly EndpointSlice[]);
}
