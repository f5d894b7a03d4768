import type { NodeTable } from '../../cache/node-table.js';
import type { NodeResourcesBalancedAllocationArgs } from '../../configuration/types.js';
import { MAX_NODE_SCORE, type ScorePlugin } from '../../framework/plugin.js';
import type { PodInfo } from '../../pod/pod-info.js';

const HALF = MAX_NODE_SCORE / 2;
const NATIVE = new Set(['cpu', 'memory', 'ephemeral-storage']);

interface Share {
  readonly wanted: number;
  readonly allocatable: Float64Array;
  readonly requested: Float64Array;
}

function sharesOf(
  { requests }: PodInfo,
  nodes: NodeTable,
  { resources }: NodeResourcesBalancedAllocationArgs,
): Share[] {
  return resources.flatMap(({ name }) => {
    const wanted = requests.get(name) ?? 0;
    if (wanted === 0 && !NATIVE.has(name)) return [];
    const { allocatable, requested } = nodes.resource(name);
    return [{ wanted, allocatable: allocatable.array, requested: requested.array }];
  });
}

/** How far shares are apart: their standard deviation. */
function deviation(shares: Float64Array, count: number): number {
  if (count === 2) return Math.abs((shares[0] as number) - (shares[1] as number)) / 2;
  if (count < 2) return 0;
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += shares[i] as number;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i += 1) squares += ((shares[i] as number) - mean) ** 2;
  return Math.sqrt(squares / count);
}

/** 100 where all resources are used in like proportion, less the further they are apart. */
const balance = (shares: Float64Array, count: number): number =>
  Math.floor((1 - deviation(shares, count)) * MAX_NODE_SCORE);

/**
 * Prefers nodes that the Pod would bring nearer to using their resources in like proportion: 75 where it changes nothing.
 * Behaves as kubernetes pkg/scheduler/framework/plugins/noderesources balancedResourceScorer.
 */
export function nodeResourcesBalancedAllocation(args: NodeResourcesBalancedAllocationArgs): ScorePlugin {
  const before = new Float64Array(args.resources.length);
  const after = new Float64Array(args.resources.length);
  return {
    name: 'NodeResourcesBalancedAllocation',
    preScore(pod, { nodes }) {
      const shares = sharesOf(pod, nodes, args);
      // A Pod that asks for nothing changes no balance.
      if (shares.every(({ wanted }) => wanted === 0)) return undefined;
      return {
        score(row) {
          let count = 0;
          for (let i = 0; i < shares.length; i += 1) {
            const { wanted, allocatable, requested } = shares[i] as Share;
            const all = allocatable[row] as number;
            if (all === 0) continue;
            const used = requested[row] as number;
            before[count] = Math.min(1, used / all);
            after[count] = Math.min(1, (used + wanted) / all);
            count += 1;
          }
          return HALF + Math.floor((HALF + balance(after, count) - balance(before, count)) / 2);
        },
      };
    },
  };
}
