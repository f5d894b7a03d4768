import type { ClusterCache } from '../cache/cluster-cache.js';
import type { Plugins } from '../framework/framework.js';
import { RejectionTable } from '../framework/rejections.js';
import type { PodInfo } from '../pod/pod-info.js';
import { type CycleFindings, diagnose, type SchedulingDiagnosis } from './diagnosis.js';
import { askNodeExpecting, type FilterResult, findNodes, respectNominations } from './find-nodes.js';
import { seededChoice } from './random.js';
import { best, scoreNodes } from './score-nodes.js';
import type { Stopwatch } from './stopwatch.js';

/** The decision about one Pod. Without `node` nothing could take it. */
export interface CycleResult {
  readonly node: string | undefined;
  readonly findings: CycleFindings;
  /** Tells it by names; ask before the next cycle. */
  explain(): SchedulingDiagnosis;
}

/** Decides where a Pod goes: filter every node, score what is left, take the best. Changes nothing. */
export class SchedulingEngine {
  private readonly choose: (count: number) => number;

  constructor(
    private readonly cluster: ClusterCache,
    private readonly plugins: Plugins,
    seed: number,
  ) {
    this.choose = seededChoice(seed);
  }

  schedule(pod: PodInfo, stopwatch?: Stopwatch): CycleResult {
    const filtered = this.onNominated(pod) ?? this.onAny(pod, stopwatch);
    const { candidates } = filtered;
    const { scores } = this.plugins;
    const scored = candidates.length > 1 ? scoreNodes(pod, this.cluster, { scores, candidates }, stopwatch) : undefined;
    const chosen = scored ? candidates[best(scored.totals, this.choose)] : candidates[0];
    const findings = { pod: pod.key, chosen, filtered, scored };
    return {
      node: chosen === undefined ? undefined : this.cluster.nodes.at(chosen).name,
      findings,
      explain: () => diagnose(findings, this.cluster),
    };
  }

  /** A node on which room was made for the Pod is likely the only one: it is asked first. */
  private onNominated(pod: PodInfo): FilterResult | undefined {
    const name = this.cluster.nominations.nodeOf(pod.uid);
    const entry = name === undefined ? undefined : this.cluster.nodes.find(name);
    if (!entry?.node || askNodeExpecting(pod, entry.row, this.cluster, this.plugins.filters)) return undefined;
    return { candidates: [entry.row], rejections: new RejectionTable(0) };
  }

  private onAny(pod: PodInfo, stopwatch: Stopwatch | undefined): FilterResult {
    const { filters } = this.plugins;
    return respectNominations(pod, this.cluster, filters, findNodes(pod, this.cluster, filters, stopwatch));
  }
}
