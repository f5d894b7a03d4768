import type { ClusterView } from '../cache/cluster-cache.js';
import { findNodes } from '../engine/find-nodes.js';
import type { FilterPlugin, ScorePlugin } from '../framework/plugin.js';
import type { PodInfo } from '../pod/pod-info.js';

/** What a filter says of every node: `ok`, or its reasons. */
export function verdicts(plugin: FilterPlugin, pod: PodInfo, view: ClusterView): Record<string, string> {
  const { rejections } = findNodes(pod, view, [plugin]);
  return Object.fromEntries(
    view.nodes.nodeRows.map((row) => [view.nodes.at(row).name, rejections.get(row)?.reasons.join(', ') ?? 'ok']),
  );
}

/** Normalized scores of every node, or undefined when the plugin abstains. */
export function scores(plugin: ScorePlugin, pod: PodInfo, view: ClusterView): Record<string, number> | undefined {
  const rows = view.nodes.nodeRows;
  const scorer = plugin.preScore(pod, view, rows);
  if (scorer === undefined) return undefined;
  const values = Float64Array.from(rows, (row) => (typeof scorer === 'number' ? scorer : scorer.score(row)));
  if (typeof scorer !== 'number') scorer.normalize?.(values);
  return Object.fromEntries(rows.map((row, index) => [view.nodes.at(row).name, values[index] as number]));
}
