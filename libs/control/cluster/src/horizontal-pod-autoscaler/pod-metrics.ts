import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { findCondition, parseTime } from '@binnacle/machinery-meta';

/** What a Pod uses of something, in thousandths; over how long, and until when, in milliseconds. */
export interface PodMetric {
  readonly value: number;
  readonly at: number;
  readonly window: number;
}

/** By the names of Pods. */
export type PodMetrics = ReadonlyMap<string, PodMetric>;

/** A Pod that has just begun uses more CPU than it will. */
const CPU_INITIALIZATION = 300_000;
const INITIAL_READINESS_DELAY = 30_000;

export interface PodGroups {
  readonly ready: number;
  /** Those that do not work yet, and those of which nothing is known. */
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  /** What those that count use. */
  readonly metrics: Map<string, PodMetric>;
}

const nameOf = ({ metadata: { name = '' } }: Pod): string => name;

function isUnready({ status }: Pod, metric: PodMetric, now: number): boolean {
  const condition = findCondition(status?.conditions, 'Ready');
  const started = parseTime(status?.startTime);
  if (!condition || started === undefined) return true;
  const moved = parseTime(condition.lastTransitionTime) ?? 0;
  const isFalse = condition.status === 'False';
  if (started + CPU_INITIALIZATION > now) return isFalse || metric.at < moved + metric.window;
  // One that has never been ready; what was ready once counts.
  return isFalse && started + INITIAL_READINESS_DELAY > moved;
}

type Group = 'ignored' | 'unready' | 'missing' | 'ready';

function groupOf(pod: Pod, metrics: PodMetrics, resource: string, now: number): Group {
  if (pod.metadata.deletionTimestamp || pod.status?.phase === 'Failed') return 'ignored';
  if (pod.status?.phase === 'Pending') return 'unready';
  const metric = metrics.get(nameOf(pod));
  if (!metric) return 'missing';
  return resource === 'cpu' && isUnready(pod, metric, now) ? 'unready' : 'ready';
}

/** Which Pods count, and which do not yet. Behaves as kubernetes pkg/controller/podautoscaler groupPods. */
export function groupPods(pods: readonly Pod[], all: PodMetrics, resource: string, now: number): PodGroups {
  const metrics = new Map(all);
  const groups: Record<Group, string[]> = { ignored: [], unready: [], missing: [], ready: [] };
  for (const pod of pods) groups[groupOf(pod, all, resource, now)].push(nameOf(pod));
  for (const name of [...groups.ignored, ...groups.unready]) metrics.delete(name);
  return { ready: groups.ready.length, unready: groups.unready, missing: groups.missing, metrics };
}
