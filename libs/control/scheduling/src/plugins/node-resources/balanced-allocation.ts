import type { ResourceColumns } from '../../cache/columns.js';
import { MAX_NODE_SCORE, type ScorePlugin } from '../../framework/plugin.js';

const HALF = MAX_NODE_SCORE / 2;
/** What a node gets whose balance the Pod does not change. */
const UNCHANGED = HALF + HALF / 2;

const columnsOf = ({ allocatable, requested }: ResourceColumns) => ({
  allocatable: allocatable.array,
  requested: requested.array,
});

/** 100 where cpu and memory are used in like proportion, 50 where one is full and the other untouched. */
function balance(cpu: number, memory: number): number {
  return Math.floor((1 - Math.abs(Math.min(1, cpu) - Math.min(1, memory)) / 2) * MAX_NODE_SCORE);
}

/**
 * Prefers nodes that the Pod would bring nearer to using cpu and memory in like proportion: 75 where it changes nothing.
 * Behaves as kubernetes pkg/scheduler/framework/plugins/noderesources balancedResourceScorer.
 */
export const nodeResourcesBalancedAllocation: ScorePlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore({ requests }, { nodes }) {
    const wantedCpu = requests.get('cpu') ?? 0;
    const wantedMemory = requests.get('memory') ?? 0;
    // A Pod that asks for nothing changes no balance.
    if (wantedCpu === 0 && wantedMemory === 0) return undefined;
    const cpu = columnsOf(nodes.resource('cpu'));
    const memory = columnsOf(nodes.resource('memory'));
    return {
      score(row) {
        const allCpu = cpu.allocatable[row] as number;
        const allMemory = memory.allocatable[row] as number;
        if (allCpu === 0 || allMemory === 0) return UNCHANGED;
        const usedCpu = cpu.requested[row] as number;
        const usedMemory = memory.requested[row] as number;
        const before = balance(usedCpu / allCpu, usedMemory / allMemory);
        const after = balance((usedCpu + wantedCpu) / allCpu, (usedMemory + wantedMemory) / allMemory);
        return HALF + Math.floor((HALF + after - before) / 2);
      },
    };
  },
};
