import type { ClusterView } from '../../cache/cluster-cache.js';
import type { NodeFilter } from '../../framework/plugin.js';
import type { Rejection } from '../../framework/rejection.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { constraint, type SpreadCounts, spreadCounts } from './constraints.js';
import { ofKind, type SpreadSource } from './sources.js';

const TEXT = "node(s) didn't match pod topology spread constraints";
const skewed: Rejection = { reasons: [TEXT], unresolvable: false };
const unlabelled: Rejection = { reasons: [`${TEXT} (missing required label)`], unresolvable: true };

/** The smallest number of Pods in a domain; none while there are fewer domains than asked for. */
function globalMinimum({ pods, constraint }: SpreadCounts): number {
  let domains = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const number of pods) {
    if (number < 0) continue;
    domains += 1;
    lowest = Math.min(lowest, number);
  }
  return domains < constraint.minDomains || domains === 0 ? 0 : lowest;
}

/** Behaves as kubernetes pkg/scheduler/framework/plugins/podtopologyspread filtering.go. */
export function topologySpreadFilter(pod: PodInfo, cluster: ClusterView, source: SpreadSource): NodeFilter | undefined {
  const constraints = ofKind(source.constraints, 'DoNotSchedule').map((one) => constraint(pod, one, cluster));
  if (constraints.length === 0) return undefined;
  const { nodes } = cluster;
  const topologies = constraints.map((one) => nodes.topology(one.topologyKey));
  const rows = nodes.nodeRows.filter((row) => topologies.every(({ domains }) => (domains[row] ?? -1) >= 0));
  const checks = constraints.map((one) => {
    const counts = spreadCounts(pod, one, rows, cluster);
    const self = one.matches(pod.labels) ? 1 : 0;
    return { ...counts, allowed: globalMinimum(counts) + one.maxSkew - self };
  });
  return (row) => {
    for (const { topology, pods, allowed } of checks) {
      const domain = topology.domains[row] ?? -1;
      if (domain < 0) return unlabelled;
      if (Math.max(0, pods[domain] ?? 0) > allowed) return skewed;
    }
    return undefined;
  };
}
