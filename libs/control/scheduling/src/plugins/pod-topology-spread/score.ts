import type { ClusterView } from '../../cache/cluster-cache.js';
import { MAX_NODE_SCORE, type NodeScorer } from '../../framework/plugin.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { constraint, type SpreadCounts, spreadCounts } from './constraints.js';
import { ofKind, type SpreadSource } from './sources.js';

interface Weighted extends SpreadCounts {
  /** Grows with the number of domains, so that zones do not drown among hosts. */
  readonly weight: number;
}

function weighted(counts: SpreadCounts, candidates: readonly number[]): Weighted {
  const { domains, size } = counts.topology;
  const seen = new Uint8Array(size);
  let distinct = 0;
  for (const row of candidates) {
    const domain = domains[row] as number;
    if (domain < 0 || seen[domain]) continue;
    seen[domain] = 1;
    distinct += 1;
  }
  return { ...counts, weight: Math.log(distinct + 2) };
}

function rawScore(row: number, checks: readonly Weighted[]): number {
  let sum = 0;
  for (let i = 0; i < checks.length; i += 1) {
    const { topology, pods, weight, constraint: one } = checks[i] as Weighted;
    const domain = topology.domains[row] as number;
    if (domain >= 0) sum += Math.max(0, pods[domain] as number) * weight + (one.maxSkew - 1);
  }
  return Math.round(sum);
}

/** Fewer Pods is better; ignored nodes, marked by -1, get nothing. */
function normalize(scores: Float64Array): void {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (const score of scores) {
    if (score < 0) continue;
    lowest = Math.min(lowest, score);
    highest = Math.max(highest, score);
  }
  for (let i = 0; i < scores.length; i += 1) {
    const score = scores[i] as number;
    if (score < 0) scores[i] = 0;
    else scores[i] = highest > 0 ? Math.floor((MAX_NODE_SCORE * (highest + lowest - score)) / highest) : MAX_NODE_SCORE;
  }
}

/** Behaves as kubernetes pkg/scheduler/framework/plugins/podtopologyspread scoring.go. */
export function topologySpreadScore(
  pod: PodInfo,
  cluster: ClusterView,
  candidates: readonly number[],
  { constraints: all, needAllLabels }: SpreadSource,
): NodeScorer | undefined {
  const constraints = ofKind(all, 'ScheduleAnyway').map((one) => constraint(pod, one, cluster));
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
