import type { ResourceColumns } from '../../cache/columns.js';
import { MAX_NODE_SCORE, type ScorePlugin } from '../../framework/plugin.js';

const columnsOf = ({ allocatable, requested }: ResourceColumns) => ({
  allocatable: allocatable.array,
  requested: requested.array,
});

function share(requested: number, allocatable: number): number {
  return Math.min(1, requested / allocatable);
}

/** Prefers nodes on which cpu and memory would be used in like proportion. */
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
        if (allCpu === 0 || allMemory === 0) return MAX_NODE_SCORE;
        const cpuShare = share((cpu.requested[row] as number) + wantedCpu, allCpu);
        const memoryShare = share((memory.requested[row] as number) + wantedMemory, allMemory);
        const deviation = Math.abs(cpuShare - memoryShare) / 2;
        return Math.floor((1 - deviation) * MAX_NODE_SCORE);
      },
    };
  },
};
