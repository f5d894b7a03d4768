import type { UsageStats } from '@binnacle/node-cri';
import { type ProcessSample, sampleProcesses } from './process-identity.js';

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
const NANOS = 1e9;

interface Reading {
  readonly time: number;
  readonly ticks: number;
}

/** A process and everything it started, whatever session they moved to. */
export function processTree(root: number, samples: readonly ProcessSample[]): ProcessSample[] {
  const tree = samples.filter((sample) => sample.pid === root);
  for (let at = 0; at < tree.length; at += 1) {
    const parent = tree[at];
    tree.push(...samples.filter((sample) => parent && sample.parent === parent.pid));
  }
  return tree;
}

/** Turns running totals of CPU time into a rate between two looks. */
export class UsageMeter {
  private readonly last = new Map<string, Reading>();

  measure(id: string, pid: number, now: number): UsageStats {
    const tree = processTree(pid, sampleProcesses());
    const ticks = tree.reduce((sum, sample) => sum + sample.ticks, 0);
    const before = this.last.get(id);
    this.last.set(id, { time: now, ticks });
    const seconds = before ? (now - before.time) / 1000 : 0;
    const used = before ? Math.max(0, ticks - before.ticks) / TICKS_PER_SECOND : 0;
    return {
      cpuCoreNanoSeconds: Math.round((ticks / TICKS_PER_SECOND) * NANOS),
      cpuNanoCores: seconds > 0 ? Math.round((used / seconds) * NANOS) : 0,
      memoryBytes: tree.reduce((sum, sample) => sum + sample.residentPages * PAGE_BYTES, 0),
    };
  }

  forget(id: string): void {
    this.last.delete(id);
  }
}
