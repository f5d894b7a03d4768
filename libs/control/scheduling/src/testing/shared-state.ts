import type { ClusterCache } from '../cache/cluster-cache.js';
import type { SharedState } from '../framework/handle.js';
import { type Instruments, noInstruments } from '../framework/instruments.js';

/** What profiles share, around a cache, with somebody who counts or nobody. */
export function sharedState(cluster: ClusterCache, instruments: Partial<Instruments> = {}): SharedState {
  return {
    cluster,
    waitingPods: new Map(),
    preBinding: new Map(),
    promisedVolumes: new Map(),
    instruments: { ...noInstruments, ...instruments },
  };
}
