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

const startOf = ({ pod }: PodInfo): string => pod.status?.startTime ?? pod.metadata.creationTimestamp ?? '';

/** Higher priority first, then who has been there longer. */
export function moreImportant(a: PodInfo, b: PodInfo): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  return startOf(a) < startOf(b) ? -1 : Number(startOf(a) > startOf(b));
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
  const { name, pods } = view.cluster.nodes.at(row);
  const lower = [...pods.values()].filter((other) => other.priority < pod.priority).sort(moreImportant);
  if (lower.length === 0) return noVictims;
  const without = (remove: readonly PodInfo[]) =>
    view.cluster.supposing(name, { remove }, () => askNodeExpecting(pod, row, view.cluster, view.filters));
  const rejection = without(lower);
  if (rejection) return rejection;
  const guarded = overdrawing(lower, view.budgetsOf);
  const order = [...lower.filter((one) => guarded.has(one)), ...lower.filter((one) => !guarded.has(one))];
  const victims = new Set(order);
  for (const one of order) {
    victims.delete(one);
    if (without([...victims])) victims.add(one);
  }
  const gone = lower.filter((one) => victims.has(one));
  return { node: name, victims: gone, violations: gone.filter((one) => guarded.has(one)).length };
}

type Cost = (candidate: Candidate) => number;

/** What makes one candidate better than another, the most telling first: the lower the better. */
const COSTS: readonly Cost[] = [
  ({ violations }) => violations,
  ({ victims }) => victims[0]?.priority ?? Number.NEGATIVE_INFINITY,
  // Shifted, so that many victims of negative priority do not look cheaper than one.
  ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
  ({ victims }) => victims.length,
  // The later the oldest of the most important victims began, the less is lost.
  ({ victims }) => -Math.min(...victims.filter((one) => one.priority === victims[0]?.priority).map(beganAt)),
];

function beganAt(pod: PodInfo): number {
  return Date.parse(startOf(pod)) || 0;
}

/** Behaves as kubernetes pkg/scheduler/framework/preemption pickOneNodeForPreemption. */
export function cheapest(candidates: readonly Candidate[]): Candidate | undefined {
  let left = candidates;
  for (const cost of COSTS) {
    const lowest = Math.min(...left.map(cost));
    left = left.filter((candidate) => cost(candidate) === lowest);
  }
  return left[0];
}
