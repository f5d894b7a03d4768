import { FakeClock } from '@binnacle/machinery-context';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { SharedState } from '../framework/handle.js';
import { type Instruments, noInstruments } from '../framework/instruments.js';

/** What profiles share, around a cache, with somebody who counts or nobody. */
export function sharedState(cluster: ClusterCache, instruments: Partial<Instruments> = {}): SharedState {
  return {
    clock: new FakeClock(),
    cluster,
    waitingPods: new Map(),
    preBinding: new Map(),
    promisedVolumes: new Map(),
    instruments: { ...noInstruments, ...instruments },
  };
}
