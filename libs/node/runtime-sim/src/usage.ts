import type { UsageStats } from '@binnacle/node-cri';
import type { ImageBehaviour } from './catalogue/types.js';
import { chance, within } from './random.js';

const PERIOD_MILLISECONDS = 15_000;
const MEGABYTE = 1024 * 1024;
const NANOS_PER_MILLI = 1_000_000;

/** What a container uses now: its image's own figures, swaying a little from one quarter of a minute to the next. */
export function usageOf({ cpuMillis, memoryMegabytes }: ImageBehaviour, seed: string, now: number): UsageStats {
  const period = Math.floor(now / PERIOD_MILLISECONDS);
  const sway = (what: string, by: number) => 1 - by / 2 + by * chance(seed, what, period);
  return {
    cpuNanoCores: Math.round(within(cpuMillis, seed, 'cpu') * sway('cpu', 0.6) * NANOS_PER_MILLI),
    memoryBytes: Math.round(within(memoryMegabytes, seed, 'memory') * sway('memory', 0.1) * MEGABYTE),
  };
}
