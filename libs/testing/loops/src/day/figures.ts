import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { SimulatedCluster } from './cluster/simulated-cluster.js';

/** What must not grow with time. */
export interface Figures {
  readonly hour: number;
  readonly objects: number;
  readonly pods: number;
  readonly events: number;
  readonly timers: number;
  readonly streams: number;
  /** Keys that wait in the controllers' queues. */
  readonly queued: number;
  /** Sandboxes and containers of all machines, ended ones too. */
  readonly sandboxes: number;
  /** Changes that are still kept. */
  readonly history: number;
  readonly heapMegabytes: number;
}

let collect: (() => void) | undefined;

/** What is reachable, in megabytes: after a collection. */
function heapMegabytes(): number {
  if (!collect) {
    setFlagsFromString('--expose_gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  return Math.round(process.memoryUsage().heapUsed / 104_857.6) / 10;
}

const KINDS = Object.values(refs).filter(
  ({ group, plural }) => !group.includes('binnacle') && group !== 'metrics.k8s.io' && plural !== 'events',
);

/** How many objects there are of every kind but Events, by kind. */
export function counts({ view }: SimulatedCluster): Map<string, number> {
  const found = KINDS.map((ref) => [`${ref.group}/${ref.plural}`, view.count(ref)] as const);
  return new Map(found.filter(([, count]) => count > 0));
}

export async function figuresOf(cluster: SimulatedCluster, hour: number): Promise<Figures> {
  const { view, api, ctx, loops, machines } = cluster;
  const held = await Promise.all([...machines.values()].map((machine) => machine.held()));
  return {
    hour,
    objects: [...counts(cluster).values()].reduce((sum, count) => sum + count, 0),
    pods: view.count(refs.pods),
    events: cluster.events,
    timers: ctx.clock.pending,
    streams: api.openStreams,
    queued: [...loops.values()].reduce((sum, { waiting }) => sum + waiting, 0),
    sandboxes: held.reduce((sum, count) => sum + count, 0),
    history: cluster.keptChanges,
    heapMegabytes: heapMegabytes(),
  };
}
