import type { ClusterCache } from '../cache/cluster-cache.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { FilterPlugin, ScorePlugin } from '../framework/plugin.js';
import { type CycleFindings, diagnose, type SchedulingDiagnosis } from './diagnosis.js';
import { findNodes, respectNominations } from './find-nodes.js';
import { seededChoice } from './random.js';
import { best, scoreNodes } from './score-nodes.js';

export interface Plugins {
  readonly filters: readonly FilterPlugin[];
  readonly scores: readonly ScorePlugin[];
}

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

  schedule(pod: PodInfo): CycleResult {
    const { filters } = this.plugins;
    const filtered = respectNominations(pod, this.cluster, filters, findNodes(pod, this.cluster, filters));
    const { candidates } = filtered;
    const scored = candidates.length > 1 ? scoreNodes(pod, this.cluster, this.plugins.scores, candidates) : undefined;
    const chosen = scored ? candidates[best(scored.totals, this.choose)] : candidates[0];
    const findings = { pod: pod.key, chosen, filtered, scored };
    return {
      node: chosen === undefined ? undefined : this.cluster.nodes.at(chosen).name,
      findings,
      explain: () => diagnose(findings, this.cluster),
    };
  }
}
