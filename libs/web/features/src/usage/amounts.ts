import type { PodUsage, UsageSeries } from '@binnacle/apis-kubernetes/usage/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Point } from '@binnacle/web-ui';
import { units } from '../objects/quantities.js';

export type Resource = 'cpu' | 'memory';

/** What something used: cores or bytes. */
export interface Used {
  /** Undefined where it is not measured any more. */
  readonly now: number | undefined;
  readonly points: readonly Point[];
}

/** What is known of one Pod, Node or workload. */
export interface Usage {
  readonly cpu: Used;
  readonly memory: Used;
  /** Seconds from one point to the next. */
  readonly step: number;
  /** Of a workload: how many Pods use it now, and how many there were. */
  readonly pods: number;
  readonly podPoints: readonly Point[];
}

const NANO = 1e9;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const NO_SERIES: UsageSeries = { times: [], usageNanoCores: [], workingSetBytes: [] };

export function secondsOf(duration: string): number {
  return Number.parseInt(duration, 10) * (SECONDS[duration.at(-1) ?? ''] ?? 1);
}

function pointsOf({ times }: UsageSeries, values: readonly number[], divisor = 1): Point[] {
  return times.map((time, at) => ({ time, value: (values[at] ?? 0) / divisor }));
}

/** Reads a PodUsage, a NodeUsage or a WorkloadUsage. */
export function usageOf(object: UnstructuredObject): Usage {
  const { usage, series = NO_SERIES, step = '60s', pods = 1 } = object as Partial<PodUsage> & { pods?: number };
  return {
    cpu: { now: usage && units(usage.cpu), points: pointsOf(series, series.usageNanoCores, NANO) },
    memory: { now: usage && units(usage.memory), points: pointsOf(series, series.workingSetBytes) },
    step: secondsOf(step),
    pods,
    podPoints: pointsOf(series, series.pods ?? []),
  };
}

/** Adds up what several used: in each step those of which something is known. */
export function together(usages: readonly Usage[]): Usage | undefined {
  const [first] = usages;
  if (!first) return undefined;
  const podPoints = addPoints(usages.map((usage) => usage.podPoints));
  return { cpu: add(usages, 'cpu'), memory: add(usages, 'memory'), step: first.step, pods: usages.length, podPoints };
}

function add(usages: readonly Usage[], resource: Resource): Used {
  const known = usages.flatMap((usage) => usage[resource].now ?? []);
  return {
    now: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : undefined,
    points: addPoints(usages.map((usage) => usage[resource].points)),
  };
}

function addPoints(lines: readonly (readonly Point[])[]): Point[] {
  const sums = new Map<number, number>();
  for (const line of lines) for (const { time, value } of line) sums.set(time, (sums.get(time) ?? 0) + value);
  return [...sums].sort(([a], [b]) => a - b).map(([time, value]) => ({ time, value }));
}
