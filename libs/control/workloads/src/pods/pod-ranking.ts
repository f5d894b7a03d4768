import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_POD_DELETION_COST } from '@binnacle/apis-kubernetes/well-known';
import { parseTime } from '@binnacle/machinery-meta';
import { isPodReady, readyCondition } from './pod-state.js';

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

interface Ranked {
  readonly pod: Pod;
  /** How many related Pods share its node: the more, the sooner it goes. */
  readonly crowd: number;
  readonly now: number;
}

/** Each answers below zero when the first Pod should go first. */
type Rule = (a: Ranked, b: Ranked) => number;

const flag =
  (of: (pod: Pod) => boolean): Rule =>
  (a, b) =>
    Number(of(a.pod)) - Number(of(b.pod));

function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[ANNOTATION_POD_DELETION_COST] ?? '0';
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0;
}

function restarts(pod: Pod): number {
  const statuses = pod.status?.containerStatuses ?? [];
  return statuses.reduce((most, { restartCount }) => Math.max(most, restartCount), 0);
}

/** Ages within a power of two count as equal, so that scaling down does not always hit the youngest. */
function ageClass(time: string | undefined, now: number): number {
  const at = parseTime(time);
  return at === undefined ? -1 : Math.floor(Math.log2(Math.max(1, now - at)));
}

const byReadyTime: Rule = (a, b) =>
  isPodReady(a.pod) && isPodReady(b.pod)
    ? ageClass(readyCondition(a.pod)?.lastTransitionTime, a.now) -
      ageClass(readyCondition(b.pod)?.lastTransitionTime, b.now)
    : 0;

const RULES: readonly Rule[] = [
  flag((pod) => Boolean(pod.spec?.nodeName)),
  (a, b) => (PHASE_RANK[a.pod.status?.phase ?? ''] ?? 0) - (PHASE_RANK[b.pod.status?.phase ?? ''] ?? 0),
  flag(isPodReady),
  (a, b) => deletionCost(a.pod) - deletionCost(b.pod),
  (a, b) => b.crowd - a.crowd,
  byReadyTime,
  (a, b) => restarts(b.pod) - restarts(a.pod),
  (a, b) => ageClass(a.pod.metadata.creationTimestamp, a.now) - ageClass(b.pod.metadata.creationTimestamp, b.now),
  (a, b) => ((a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1),
];

function compare(a: Ranked, b: Ranked): number {
  for (const rule of RULES) {
    const order = rule(a, b);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * The `count` Pods that cost least to lose. `related` are the Pods that do the same work, these ones among them.
 * Behaves as kubernetes pkg/controller ActivePodsWithRanks.
 */
export function podsToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const crowds = new Map<string, number>();
  for (const { spec } of related) {
    if (spec?.nodeName) crowds.set(spec.nodeName, (crowds.get(spec.nodeName) ?? 0) + 1);
  }
  return pods
    .map((pod) => ({ pod, now, crowd: crowds.get(pod.spec?.nodeName ?? '') ?? 0 }))
    .sort(compare)
    .slice(0, count)
    .map(({ pod }) => pod);
}
