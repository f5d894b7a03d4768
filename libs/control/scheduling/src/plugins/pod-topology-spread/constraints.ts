import type { TopologySpreadConstraint } from '@binnacle/apis-kubernetes/core/v1';
import type { LabelSelector } from '@binnacle/machinery-meta';
import type { ClusterView } from '../../cache/cluster-cache.js';
import type { PodGroup } from '../../cache/pod-groups.js';
import type { Topology } from '../../cache/topology.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { type LabelMatcher, labelMatcher } from '../../pod/selectors.js';
import { isTolerated, requiredNodes } from '@binnacle/apis-kubernetes/core/v1/node-reading';

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

/** Creation has written the keys into the selector; a label that changed since then counts here too, as upstream has it. */
export function selectorOf({ labels }: PodInfo, source: TopologySpreadConstraint): LabelSelector | undefined {
  const { labelSelector, matchLabelKeys = [] } = source;
  const present = matchLabelKeys.filter((key) => Object.hasOwn(labels, key));
  if (!labelSelector || present.length === 0) return labelSelector;
  const more = present.map((key) => ({ key, operator: 'In', values: [labels[key] as string] }));
  return { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...more] };
}

export function constraint(pod: PodInfo, source: TopologySpreadConstraint, cluster: ClusterView): Constraint {
  return {
    topologyKey: source.topologyKey,
    maxSkew: source.maxSkew,
    minDomains: source.minDomains ?? 1,
    matches: labelMatcher(selectorOf(pod, source)),
    includes: inclusion(pod, source, cluster),
  };
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
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] as number;
    const domain = topology.domains[row] as number;
    if (domain < 0 || (one.includes && !one.includes(row))) continue;
    counted[row] = 1;
    pods[domain] = 0;
  }
  const everywhere = !one.includes && rows.length === cluster.nodes.nodeRows.length;
  for (const group of cluster.groups.in(pod.namespace)) {
    if (group.terminating || !one.matches(group.sample.labels)) continue;
    if (everywhere) group.addTo(pods, topology);
    else addCounted(pods, group, topology, counted);
  }
  return { constraint: one, topology, pods };
}

/** Pods of the nodes that count. */
function addCounted(pods: Int32Array, group: PodGroup, { domains }: Topology, counted: Uint8Array): void {
  for (const [row, number] of group.counts) {
    if (!counted[row]) continue;
    const domain = domains[row] as number;
    pods[domain] = (pods[domain] as number) + number;
  }
}
