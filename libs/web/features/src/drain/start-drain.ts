import {
  apiTarget,
  evict,
  type KubeObject,
  type LiveClient,
  type LiveQuery,
  type Resource,
  setUnschedulable,
  type UnstructuredObject,
} from '@binnacle/web-data';
import type { Clock } from '@binnacle/machinery-context';
import { Drain } from './drain.js';
import { drains } from './drains.js';

interface DrainStart {
  readonly cluster: string;
  readonly node: UnstructuredObject;
  readonly nodes: Resource;
  readonly pods: Resource;
  /** Those that go. */
  readonly going: readonly KubeObject[];
  /** The Pods of the node, live. */
  readonly query: LiveQuery;
}

const clock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Tells the drain of the node's Pods as long as it runs. */
function follow(drain: Drain, live: LiveClient, query: LiveQuery): void {
  const { view, release } = live.watch(query);
  const look = () => {
    const { items, phase } = view.get();
    if (phase === 'live') drain.seen(new Set(items.map(({ metadata }) => metadata.uid ?? '')));
  };
  const stopLooking = view.subscribe(look);
  const stopWaiting = drain.store.subscribe(() => {
    if (drain.isRunning) return;
    stopLooking();
    stopWaiting();
    release();
  });
  look();
}

/** Begins to drain a node; how far it comes is told by the list of drains. */
export function startDrain(live: LiveClient, { cluster, node, nodes, pods, going, query }: DrainStart): void {
  const door = {
    cordon: () => setUnschedulable(apiTarget(cluster, nodes, node), true),
    evict: (pod: KubeObject, signal: AbortSignal) =>
      evict(apiTarget(cluster, pods, pod as UnstructuredObject), pod, signal),
  };
  const drain = new Drain(node.metadata.name ?? '', cluster, going, door, clock);
  drains.add(drain);
  follow(drain, live, query);
}
