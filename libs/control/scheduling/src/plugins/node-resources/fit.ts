import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { amounts } from '../../pod/pod-requests.js';
import type { PodInfo } from '../../pod/pod-info.js';
import {
  type FilterPlugin,
  MAX_NODE_SCORE,
  type NodeFilter,
  type Rejection,
  type ScorePlugin,
} from '../../framework/plugin.js';
import type { ClusterView } from '../../cache/cluster-cache.js';

const TOO_MANY_PODS = 'Too many pods';

/** A node's rejections are the same objects again and again: most nodes that are full are full of the same thing. */
const interned = new Map<string, Rejection>();

function rejection(reasons: readonly string[], unresolvable: boolean): Rejection {
  const key = `${unresolvable} ${reasons.join(',')}`;
  const known = interned.get(key) ?? { reasons, unresolvable };
  interned.set(key, known);
  return known;
}

interface Demand {
  readonly name: string;
  readonly amount: number;
  readonly allocatable: Float64Array;
  readonly requested: Float64Array;
}

const isShort = ({ amount, allocatable, requested }: Demand, row: number): boolean =>
  amount > (allocatable[row] as number) - (requested[row] as number);

function explain(row: number, full: boolean, demands: readonly Demand[]): Rejection {
  const short = demands.filter((demand) => isShort(demand, row));
  const reasons = short.map(({ name }) => `Insufficient ${name}`);
  const unresolvable = short.some(({ amount, allocatable }) => amount > (allocatable[row] as number));
  return rejection(full ? [TOO_MANY_PODS, ...reasons] : reasons, unresolvable);
}

function shortages(pod: PodInfo, { nodes }: ClusterView): NodeFilter {
  const demands: Demand[] = [...pod.requests]
    .filter(([, amount]) => amount > 0)
    .map(([name, amount]) => ({ name, amount, columns: nodes.resource(name) }))
    .map(({ columns: { allocatable, requested }, ...demand }) => ({
      ...demand,
      allocatable: allocatable.array,
      requested: requested.array,
    }));
  const slots = nodes.resource('pods').allocatable.array;
  const taken = nodes.podCount.array;
  return (row) => {
    const full = (taken[row] as number) + 1 > (slots[row] as number);
    let short = full;
    for (let i = 0; i < demands.length && !short; i += 1) short = isShort(demands[i] as Demand, row);
    return short ? explain(row, full, demands) : undefined;
  };
}

/** Whether the Pod would fit an empty node of this size. */
function couldFit(pod: PodInfo, node: Node): boolean {
  const allocatable = amounts(node.status?.allocatable);
  return [...pod.requests].every(([name, amount]) => amount <= (allocatable.get(name) ?? 0));
}

const filter: FilterPlugin = {
  name: 'NodeResourcesFit',
  preFilter: shortages,
  wakes(event, pod) {
    if (event.kind === 'podFreed') return true;
    return event.kind === 'node' && (event.added || event.changes.allocatable) && couldFit(pod, event.node);
  },
};

function free(requested: number, allocatable: number): number {
  if (requested > allocatable) return 0;
  return Math.floor(((allocatable - requested) * MAX_NODE_SCORE) / allocatable);
}

/** LeastAllocated: the mean of what would be left of cpu and memory; what a node says nothing of does not count. */
const score: ScorePlugin = {
  name: filter.name,
  weight: 1,
  preScore({ weights }, { nodes }) {
    const wanted = { cpu: weights.get('cpu') ?? 0, memory: weights.get('memory') ?? 0 };
    const cpu = nodes.resource('cpu').allocatable.array;
    const memory = nodes.resource('memory').allocatable.array;
    const usedCpu = nodes.weightedCpu.array;
    const usedMemory = nodes.weightedMemory.array;
    return {
      score(row) {
        const [allCpu, allMemory] = [cpu[row] as number, memory[row] as number];
        const freeCpu = allCpu === 0 ? 0 : free((usedCpu[row] as number) + wanted.cpu, allCpu);
        const freeMemory = allMemory === 0 ? 0 : free((usedMemory[row] as number) + wanted.memory, allMemory);
        const counted = Number(allCpu > 0) + Number(allMemory > 0);
        return counted === 0 ? 0 : Math.floor((freeCpu + freeMemory) / counted);
      },
    };
  },
};

export const nodeResourcesFit = { ...filter, ...score } satisfies FilterPlugin & ScorePlugin;
