import { MAX_NODE_SCORE, type ScorePlugin } from '../../framework/plugin.js';

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
    const cpu = nodes.resource('cpu');
    const memory = nodes.resource('memory');
    return {
      score(row) {
        const [allCpu, allMemory] = [cpu.allocatable.get(row), memory.allocatable.get(row)];
        if (allCpu === 0 || allMemory === 0) return MAX_NODE_SCORE;
        const cpuShare = share(cpu.requested.get(row) + wantedCpu, allCpu);
        const memoryShare = share(memory.requested.get(row) + wantedMemory, allMemory);
        const deviation = Math.abs(cpuShare - memoryShare) / 2;
        return Math.floor((1 - deviation) * MAX_NODE_SCORE);
      },
    };
  },
};
