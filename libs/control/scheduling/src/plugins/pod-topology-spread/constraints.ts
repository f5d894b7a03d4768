import type { TopologySpreadConstraint } from '@binnacle/apis-kubernetes/core/v1';
import type { ClusterView } from '../../cache/cluster-cache.js';
import type { Topology } from '../../cache/topology.js';
import { withLabelKeys } from '../../framework/affinity-terms.js';
import type { PodInfo } from '../../framework/pod-info.js';
import { type LabelMatcher, labelMatcher } from '../../framework/selectors.js';
import { isTolerated } from '../../framework/taints.js';
import { requiredNodes } from '../node-affinity/node-affinity.js';

export type When = 'DoNotSchedule' | 'ScheduleAnyway';

/** A constraint made ready for one Pod. */
export interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly matches: LabelMatcher;
  /** Whether Pods on a node, and its domain, count at all; undefined when they do on every node. */
  readonly includes: ((row: number) => boolean) | undefined;
}

function inclusion(pod: PodInfo, source: TopologySpreadConstraint, cluster: ClusterView): Constraint['includes'] {
  const honourTaints = source.nodeTaintsPolicy === 'Honor';
  const selected = source.nodeAffinityPolicy === 'Ignore' ? undefined : requiredNodes(pod.pod.spec);
  if (!selected && !honourTaints) return undefined;
  return (row) => {
    const { node, hardTaints } = cluster.nodes.at(row);
    if (!node || (selected && !selected(node))) return false;
    return !honourTaints || hardTaints.every((taint) => isTolerated(taint, pod.tolerations));
  };
}

export function constraint(pod: PodInfo, source: TopologySpreadConstraint, cluster: ClusterView): Constraint {
  return {
    topologyKey: source.topologyKey,
    maxSkew: source.maxSkew,
    minDomains: source.minDomains ?? 1,
    matches: labelMatcher(withLabelKeys(source.labelSelector, pod.labels, source.matchLabelKeys)),
    includes: inclusion(pod, source, cluster),
  };
}

export function ownConstraints(pod: PodInfo, when: When, cluster: ClusterView): Constraint[] {
  const declared = pod.pod.spec?.topologySpreadConstraints ?? [];
  return declared.filter((one) => one.whenUnsatisfiable === when).map((one) => constraint(pod, one, cluster));
}

/** How many Pods that a constraint speaks of are in each domain; -1 for a domain that no counted node is in. */
export interface SpreadCounts {
  readonly constraint: Constraint;
  readonly topology: Topology;
  readonly pods: Int32Array;
}

/** `rows` are the nodes whose domains count. */
export function spreadCounts(
  pod: PodInfo,
  one: Constraint,
  rows: readonly number[],
  cluster: ClusterView,
): SpreadCounts {
  const topology = cluster.nodes.topology(one.topologyKey);
  const pods = new Int32Array(topology.size).fill(-1);
  const counted = new Uint8Array(topology.domains.length);
  for (const row of rows) {
    const domain = topology.domains[row] as number;
    if (domain < 0 || (one.includes && !one.includes(row))) continue;
    counted[row] = 1;
    pods[domain] = 0;
  }
  for (const group of cluster.groups.in(pod.namespace)) {
    if (group.terminating || !one.matches(group.sample.labels)) continue;
    for (const [row, number] of group.counts) {
      if (!counted[row]) continue;
      const domain = topology.domains[row] as number;
      pods[domain] = (pods[domain] ?? 0) + number;
    }
  }
  return { constraint: one, topology, pods };
}
