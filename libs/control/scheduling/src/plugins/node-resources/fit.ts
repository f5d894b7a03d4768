import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { amounts } from '../../framework/pod-requests.js';
import type { PodInfo } from '../../framework/pod-info.js';
import { type FilterPlugin, MAX_NODE_SCORE, type Rejection, type ScorePlugin } from '../../framework/plugin.js';
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

function shortages(pod: PodInfo, { nodes }: ClusterView) {
  const wanted = [...pod.requests].filter(([, amount]) => amount > 0);
  const demands = wanted.map(([name, amount]) => ({ name, amount, columns: nodes.resource(name) }));
  const slots = nodes.resource('pods').allocatable;
  return (row: number): Rejection | undefined => {
    const reasons: string[] = nodes.at(row).pods.size + 1 > slots.get(row) ? [TOO_MANY_PODS] : [];
    let unresolvable = false;
    for (const { name, amount, columns } of demands) {
      const allocatable = columns.allocatable.get(row);
      if (amount <= allocatable - columns.requested.get(row)) continue;
      reasons.push(`Insufficient ${name}`);
      unresolvable ||= amount > allocatable;
    }
    return reasons.length > 0 ? rejection(reasons, unresolvable) : undefined;
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
  if (allocatable === 0 || requested > allocatable) return 0;
  return Math.floor(((allocatable - requested) * MAX_NODE_SCORE) / allocatable);
}

/** LeastAllocated: the mean of what would be left of cpu and memory. */
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
        const freeCpu = free((usedCpu[row] as number) + wanted.cpu, cpu[row] as number);
        const freeMemory = free((usedMemory[row] as number) + wanted.memory, memory[row] as number);
        return Math.floor((freeCpu + freeMemory) / 2);
      },
    };
  },
};

export const nodeResourcesFit = { ...filter, ...score } satisfies FilterPlugin & ScorePlugin;
