import type { ClusterCache } from '../../cache/cluster-cache.js';
import { askNodeExpecting } from '../../engine/find-nodes.js';
import type { FilterPlugin } from '../../framework/plugin.js';
import { type Rejection, unresolvable } from '../../framework/rejection.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { type BudgetsOf, overdrawing } from './disruption-budgets.js';

/** A node on which room can be made, and who would have to go. */
export interface Candidate {
  readonly node: string;
  /** The most important first. */
  readonly victims: readonly PodInfo[];
  /** How many of them a disruption budget protects. */
  readonly violations: number;
}

export type Verdict = Candidate | Rejection;

export const isCandidate = (verdict: Verdict): verdict is Candidate => 'victims' in verdict;

const noVictims: Rejection = unresolvable('No preemption victims found for incoming pod');

/** Higher priority first, then who has been there longer. */
export function moreImportant(a: PodInfo, b: PodInfo): number {
  return b.priority - a.priority || a.began - b.began;
}

export interface PreemptionView {
  readonly cluster: ClusterCache;
  readonly filters: readonly FilterPlugin[];
  readonly budgetsOf: BudgetsOf;
}

/**
 * Finds the least that must leave a node for the Pod to fit: all of lower priority go, then as many as possible come back,
 * those first that a budget protects. Behaves as kubernetes defaultpreemption SelectVictimsOnNode.
 */
export function selectVictims(pod: PodInfo, row: number, view: PreemptionView): Verdict {
  const entry = view.cluster.nodes.at(row);
  const lower = [...entry.pods.values()].filter((other) => other.priority < pod.priority).sort(moreImportant);
  if (lower.length === 0) return noVictims;
  const guarded = overdrawing(lower, view.budgetsOf);
  return view.cluster.rehearse(entry, lower, (stage) => {
    const ask = () => askNodeExpecting(pod, row, view.cluster, view.filters);
    const rejection = ask();
    if (rejection) return rejection;
    const victims = new Set(lower);
    for (const one of guardedFirst(lower, guarded)) {
      stage.put(one);
      if (ask()) stage.take(one);
      else victims.delete(one);
    }
    const gone = lower.filter((one) => victims.has(one));
    return { node: entry.name, victims: gone, violations: gone.filter((one) => guarded.has(one)).length };
  });
}

const guardedFirst = (pods: readonly PodInfo[], guarded: ReadonlySet<PodInfo>): readonly PodInfo[] =>
  guarded.size === 0 ? pods : [...pods.filter((one) => guarded.has(one)), ...pods.filter((one) => !guarded.has(one))];

type Cost = (candidate: Candidate) => number;

/** What makes one candidate better than another, the most telling first: the lower the better. */
const COSTS: readonly Cost[] = [
  ({ violations }) => violations,
  ({ victims }) => victims[0]?.priority ?? Number.NEGATIVE_INFINITY,
  // Shifted, so that many victims of negative priority do not look cheaper than one.
  ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
  ({ victims }) => victims.length,
  // The later the oldest of the most important victims began, the less is lost.
  ({ victims }) => -oldest(victims),
];

/** When the oldest of the most important began: they stand first, the oldest of them in front. */
const oldest = ([first]: readonly PodInfo[]): number => first?.began ?? Number.POSITIVE_INFINITY;

/** Behaves as kubernetes pkg/scheduler/framework/preemption pickOneNodeForPreemption. */
export function cheapest(candidates: readonly Candidate[]): Candidate | undefined {
  let left = candidates;
  for (const cost of COSTS) {
    if (left.length === 1) break;
    const costs = left.map(cost);
    const lowest = costs.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
    left = left.filter((_, at) => costs[at] === lowest);
  }
  return left[0];
}
