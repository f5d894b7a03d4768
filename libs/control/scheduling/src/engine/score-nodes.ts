import type { ClusterView } from '../cache/cluster-cache.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { ScorePlugin } from '../framework/plugin.js';

/** One plugin's opinion of the candidates, in their order. */
export interface PluginScores {
  readonly plugin: string;
  readonly weight: number;
  /** 0 to 100, before the weight. */
  readonly scores: Float64Array;
}

export interface ScoreResult {
  readonly plugins: readonly PluginScores[];
  /** Weighted sums, in the order of the candidates. */
  readonly totals: Float64Array;
}

function scoresOf(
  plugin: ScorePlugin,
  pod: PodInfo,
  cluster: ClusterView,
  candidates: readonly number[],
): PluginScores | undefined {
  const scorer = plugin.preScore(pod, cluster, candidates);
  if (scorer === undefined) return undefined;
  const scores = new Float64Array(candidates.length);
  if (typeof scorer === 'number') scores.fill(scorer);
  else {
    for (let i = 0; i < scores.length; i += 1) scores[i] = scorer.score(candidates[i] as number);
    scorer.normalize?.(scores);
  }
  return { plugin: plugin.name, weight: plugin.weight, scores };
}

export function scoreNodes(
  pod: PodInfo,
  cluster: ClusterView,
  plugins: readonly ScorePlugin[],
  candidates: readonly number[],
): ScoreResult {
  const all = plugins.flatMap((plugin) => scoresOf(plugin, pod, cluster, candidates) ?? []);
  const totals = new Float64Array(candidates.length);
  for (const { weight, scores } of all) {
    for (let i = 0; i < totals.length; i += 1) totals[i] = (totals[i] as number) + weight * (scores[i] as number);
  }
  return { plugins: all, totals };
}

/** Index of the best candidate; among equals, the one that `choose(how many)` points to. */
export function best(totals: Float64Array, choose: (count: number) => number): number {
  let highest = Number.NEGATIVE_INFINITY;
  let equals: number[] = [];
  for (let index = 0; index < totals.length; index += 1) {
    const total = totals[index] as number;
    if (total > highest) {
      highest = total;
      equals = [index];
    } else if (total === highest) equals.push(index);
  }
  return equals.length > 1 ? (equals[choose(equals.length)] as number) : (equals[0] ?? -1);
}
