import type { TopologySpreadConstraint } from '@binnacle/apis-kubernetes/core/v1';
import type { LabelSelector } from '@binnacle/machinery-meta';
import type { ClusterView } from '../../cache/cluster-cache.js';
import { MAX_NODE_SCORE, type NodeScorer } from '../../framework/plugin.js';
import type { PodInfo } from '../../framework/pod-info.js';
import { type Constraint, constraint, ownConstraints, type SpreadCounts, spreadCounts } from './constraints.js';

const ZONE = 'topology.kubernetes.io/zone';
const HOSTNAME = 'kubernetes.io/hostname';

/** Selectors of the Services and workloads that a Pod belongs to, as one; undefined when it belongs to none. */
export type DefaultSelector = (pod: PodInfo) => LabelSelector | undefined;

function systemDefaults(labelSelector: LabelSelector): TopologySpreadConstraint[] {
  const whenUnsatisfiable = 'ScheduleAnyway';
  return [
    { maxSkew: 3, topologyKey: HOSTNAME, whenUnsatisfiable, labelSelector },
    { maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable, labelSelector },
  ];
}

interface Preferences {
  readonly constraints: readonly Constraint[];
  /** Constraints the Pod named itself leave out nodes that lack one of the labels; the defaults do not. */
  readonly needAllLabels: boolean;
}

function preferencesOf(pod: PodInfo, cluster: ClusterView, defaults: DefaultSelector): Preferences {
  if ((pod.pod.spec?.topologySpreadConstraints ?? []).length > 0) {
    return { constraints: ownConstraints(pod, 'ScheduleAnyway', cluster), needAllLabels: true };
  }
  const selector = defaults(pod);
  const constraints = selector ? systemDefaults(selector).map((one) => constraint(pod, one, cluster)) : [];
  return { constraints, needAllLabels: false };
}

interface Weighted extends SpreadCounts {
  /** Grows with the number of domains, so that zones do not drown among hosts. */
  readonly weight: number;
}

function weighted(counts: SpreadCounts, candidates: readonly number[]): Weighted {
  const seen = new Set<number>();
  for (const row of candidates) {
    const domain = counts.topology.domains[row] ?? -1;
    if (domain >= 0) seen.add(domain);
  }
  return { ...counts, weight: Math.log(seen.size + 2) };
}

function rawScore(row: number, checks: readonly Weighted[]): number {
  let sum = 0;
  for (const { topology, pods, weight, constraint: one } of checks) {
    const domain = topology.domains[row] ?? -1;
    if (domain >= 0) sum += Math.max(0, pods[domain] ?? 0) * weight + (one.maxSkew - 1);
  }
  return Math.round(sum);
}

/** Fewer Pods is better; ignored nodes, marked by -1, get nothing. */
function normalize(scores: Float64Array): void {
  const counted = scores.filter((score) => score >= 0);
  const lowest = counted.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const highest = counted.reduce((a, b) => Math.max(a, b), 0);
  scores.forEach((score, i) => {
    if (score < 0) scores[i] = 0;
    else
      scores[i] = highest === 0 ? MAX_NODE_SCORE : Math.floor((MAX_NODE_SCORE * (highest + lowest - score)) / highest);
  });
}

/** Behaves as kubernetes pkg/scheduler/framework/plugins/podtopologyspread scoring.go. */
export function topologySpreadScore(
  pod: PodInfo,
  cluster: ClusterView,
  candidates: readonly number[],
  defaults: DefaultSelector,
): NodeScorer | undefined {
  const { constraints, needAllLabels } = preferencesOf(pod, cluster, defaults);
  if (constraints.length === 0) return undefined;
  const { nodes } = cluster;
  const topologies = constraints.map((one) => nodes.topology(one.topologyKey));
  const labelled = (row: number) => topologies.every(({ domains }) => (domains[row] ?? -1) >= 0);
  const rows = needAllLabels ? nodes.nodeRows.filter(labelled) : nodes.nodeRows;
  const judged = needAllLabels ? candidates.filter(labelled) : candidates;
  const checks = constraints.map((one) => weighted(spreadCounts(pod, one, rows, cluster), judged));
  const ignored = (row: number) => needAllLabels && !labelled(row);
  return { score: (row) => (ignored(row) ? -1 : rawScore(row, checks)), normalize };
}
