import type { UsageStats } from '@binnacle/node-cri';
import type { ImageBehaviour } from './catalogue/types.js';
import type { Load } from './load.js';
import { within } from './random.js';

const MEGABYTE = 1024 * 1024;
const NANOS_PER_MILLI = 1_000_000;

/** A container, as far as what it uses follows from it. */
export interface Consumer {
  readonly behaviour: ImageBehaviour;
  readonly seed: string;
  readonly load: Load;
  /** Thousandths of a core it may use. */
  readonly limit?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What a container uses now: what its image does at rest, and what it is asked, up to its limit. */
export function usageOf({ behaviour, seed, load, limit, startedAt }: Consumer, now: number): UsageStats {
  const most = limit === undefined ? Number.POSITIVE_INFINITY : limit * NANOS_PER_MILLI;
  const idle = within(behaviour.cpuMillis, seed, 'cpu') * NANOS_PER_MILLI;
  const seconds = Math.max(0, now - startedAt) / 1000;
  return {
    cpuNanoCores: Math.round(Math.min(most, idle + load.rate(now))),
    cpuCoreNanoSeconds: Math.round(Math.min(most * seconds, idle * seconds + load.total)),
    memoryBytes: Math.round(within(behaviour.memoryMegabytes, seed, 'memory') * MEGABYTE),
  };
}
