import type { ClusterView } from '../../cache/cluster-cache.js';
import type { PodGroup } from '../../cache/pod-groups.js';
import type { Topology } from '../../cache/topology.js';
import { type AffinityTerm, termMatches } from '../../pod/affinity-terms.js';
import type { PodInfo } from '../../pod/pod-info.js';
import type { NodeFilter } from '../../framework/plugin.js';
import type { Rejection } from '../../framework/rejection.js';

const noAffinity: Rejection = { reasons: ["node(s) didn't match pod affinity rules"], unresolvable: true };
const antiAffinity: Rejection = { reasons: ["node(s) didn't match pod anti-affinity rules"], unresolvable: false };
const existing: Rejection = {
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  unresolvable: false,
};

/** How many Pods of some groups are in each domain of a topology. */
interface DomainCounts {
  readonly topology: Topology;
  readonly counts: Int32Array;
  total: number;
}

function emptyCounts(cluster: ClusterView, key: string): DomainCounts {
  const topology = cluster.nodes.topology(key);
  return { topology, counts: new Int32Array(topology.size), total: 0 };
}

function count(into: DomainCounts, group: PodGroup): void {
  into.total += group.addTo(into.counts, into.topology);
}

/** Answers the count of the domain a node is in, or undefined for a node outside the topology. */
function countAt({ topology, counts }: DomainCounts, row: number): number | undefined {
  const domain = topology.domains[row] ?? -1;
  return domain < 0 ? undefined : counts[domain];
}

function anyAt(all: readonly DomainCounts[], row: number): boolean {
  for (const counts of all) if ((countAt(counts, row) ?? 0) > 0) return true;
  return false;
}

function countsFor(term: AffinityTerm, cluster: ClusterView, matches: (group: PodGroup) => boolean): DomainCounts {
  const counts = emptyCounts(cluster, term.topologyKey);
  for (const group of cluster.groups.all()) if (matches(group)) count(counts, group);
  return counts;
}

/** Where Pods stand that will not have this one near them. */
function repelling(pod: PodInfo, cluster: ClusterView): DomainCounts[] {
  const found: DomainCounts[] = [];
  for (const group of cluster.groups.withTerms) {
    for (const term of group.sample.terms.requiredAntiAffinity) {
      if (!termMatches(term, pod, cluster.namespaceLabels)) continue;
      const counts = emptyCounts(cluster, term.topologyKey);
      count(counts, group);
      found.push(counts);
    }
  }
  return found;
}

/** A Pod whose terms no Pod meets may still be the first of its kind: it must then meet them itself. */
function mayBeFirst(pod: PodInfo, affinity: readonly DomainCounts[], cluster: ClusterView): boolean {
  const { requiredAffinity } = pod.terms;
  return (
    affinity.every(({ total }) => total === 0) &&
    requiredAffinity.every((term) => termMatches(term, pod, cluster.namespaceLabels))
  );
}

/** Behaves as kubernetes pkg/scheduler/framework/plugins/interpodaffinity filtering.go. */
export function interPodAffinityFilter(pod: PodInfo, cluster: ClusterView): NodeFilter | undefined {
  const { requiredAffinity, requiredAntiAffinity } = pod.terms;
  const meets = (term: AffinityTerm) => (group: PodGroup) => termMatches(term, group.sample, cluster.namespaceLabels);
  // A Pod meets the affinity of another only by meeting all of its terms.
  const meetsAll = (group: PodGroup) => requiredAffinity.every((term) => meets(term)(group));
  const affinity = requiredAffinity.map((term) => countsFor(term, cluster, meetsAll));
  const anti = requiredAntiAffinity.map((term) => countsFor(term, cluster, meets(term)));
  const repelled = repelling(pod, cluster);
  if (affinity.length + anti.length + repelled.length === 0) return undefined;
  const first = affinity.length > 0 && mayBeFirst(pod, affinity, cluster);
  return (row) => {
    for (const counts of affinity) {
      const pods = countAt(counts, row);
      if (pods === undefined || (pods === 0 && !first)) return noAffinity;
    }
    if (anyAt(anti, row)) return antiAffinity;
    return anyAt(repelled, row) ? existing : undefined;
  };
}
