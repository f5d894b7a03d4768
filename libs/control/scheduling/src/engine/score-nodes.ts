import type { ClusterView } from '../cache/cluster-cache.js';
import type { WeightedScore } from '../framework/framework.js';
import type { NodeScorer, ScorePlugin } from '../framework/plugin.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { Stopwatch } from './stopwatch.js';

/** One plugin's opinion of the candidates, in their order. */
export interface PluginScores {
  readonly plugin: string;
  readonly weight: number;
  /** 0 to 100, before the weight. */
  readonly scores: Float64Array;
  /** As the plugin counted, before its scores were compared with each other. */
  readonly raw: Float64Array;
}

export interface ScoreResult {
  readonly plugins: readonly PluginScores[];
  /** Weighted sums, in the order of the candidates. */
  readonly totals: Float64Array;
}

/** Who is asked, about which rows. */
export interface Scoring {
  readonly scores: readonly WeightedScore[];
  readonly candidates: readonly number[];
}

type Opinion = NodeScorer | number | undefined;

type Values = Pick<PluginScores, 'scores' | 'raw'>;

function valuesOf(scorer: NodeScorer | number, candidates: readonly number[]): Values {
  const scores = new Float64Array(candidates.length);
  if (typeof scorer === 'number') return { scores: scores.fill(scorer), raw: scores };
  for (let i = 0; i < scores.length; i += 1) scores[i] = scorer.score(candidates[i] as number);
  const raw = scorer.normalize ? scores.slice() : scores;
  scorer.normalize?.(scores);
  return { scores, raw };
}

/** Asks one plugin, timed where the attempt is sampled. */
function asked(plugin: ScorePlugin, look: () => Opinion, stopwatch: Stopwatch | undefined): Opinion {
  if (!stopwatch) return look();
  return stopwatch.time(plugin.name, 'PreScore', look, (opinion) => (opinion === undefined ? 'Skip' : 'Success'));
}

export function scoreNodes(
  pod: PodInfo,
  cluster: ClusterView,
  { scores: plugins, candidates }: Scoring,
  stopwatch?: Stopwatch,
): ScoreResult {
  const all: PluginScores[] = [];
  const totals = new Float64Array(candidates.length);
  for (const { plugin, weight } of plugins) {
    const opinion = asked(plugin, () => plugin.preScore(pod, cluster, candidates), stopwatch);
    if (opinion === undefined) continue;
    const take = () => valuesOf(opinion, candidates);
    const values = stopwatch ? stopwatch.time(plugin.name, 'Score', take, () => 'Success') : take();
    const { scores } = values;
    for (let i = 0; i < totals.length; i += 1) totals[i] = (totals[i] as number) + weight * (scores[i] as number);
    all.push({ plugin: plugin.name, weight, ...values });
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
