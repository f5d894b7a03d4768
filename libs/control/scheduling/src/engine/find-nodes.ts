import type { ClusterCache, ClusterView } from '../cache/cluster-cache.js';
import type { FilterPlugin, NodeFilter } from '../framework/plugin.js';
import { type NodeRejection, type Rejection, unresolvable } from '../framework/rejection.js';
import { RejectionTable } from '../framework/rejections.js';
import type { PodInfo } from '../pod/pod-info.js';
import { type ActiveFilter, type PreFilterOutcome, runPreFilters } from './pre-filter.js';
import type { Stopwatch } from './stopwatch.js';

export interface FilterResult {
  /** Rows of the nodes that can take the Pod. */
  readonly candidates: readonly number[];
  /** Of every other node. */
  readonly rejections: RejectionTable;
}

function rejectionOf(row: number, filters: readonly ActiveFilter[]): NodeRejection | undefined {
  for (const { plugin, filter } of filters) {
    const rejection = filter(row);
    if (rejection) return { ...rejection, plugin };
  }
  return undefined;
}

/** What one node says to a Pod, all filters asked anew. */
export function askNode(
  pod: PodInfo,
  row: number,
  cluster: ClusterView,
  plugins: readonly FilterPlugin[],
): NodeRejection | undefined {
  const { rejection, nodes, filters } = runPreFilters(pod, cluster, plugins);
  if (rejection) return rejection;
  return outside(row, nodes, cluster) ?? rejectionOf(row, filters);
}

/** The same plugins, for one Pod: those whose answer lasts have given it, and those of them who had nothing to say are left out. */
export function askedBefore(
  pod: PodInfo,
  cluster: ClusterView,
  plugins: readonly FilterPlugin[],
): readonly FilterPlugin[] {
  return plugins.flatMap((plugin) => {
    if (!plugin.lasting) return [plugin];
    const answer = plugin.preFilter(pod, cluster);
    return answer === undefined ? [] : [{ name: plugin.name, preFilter: () => answer }];
  });
}

/** A node that plugins have left out beforehand. */
function outside(row: number, nodes: PreFilterOutcome['nodes'], cluster: ClusterView): NodeRejection | undefined {
  if (!nodes || nodes.names.has(cluster.nodes.at(row).name)) return undefined;
  return leftOut(nodes.plugins);
}

const leftOut = (plugins: readonly string[]): NodeRejection => ({
  ...unresolvable(`node(s) didn't satisfy plugin(s) [${plugins.join(' ')}]`),
  plugin: plugins[0] ?? '',
});

function narrowed(
  nodes: PreFilterOutcome['nodes'],
  cluster: ClusterView,
  rejections: RejectionTable,
): readonly number[] {
  const { nodeRows } = cluster.nodes;
  if (!nodes) return nodeRows;
  const kind = rejections.kind(leftOut(nodes.plugins));
  return nodeRows.filter((row) => {
    if (nodes.names.has(cluster.nodes.at(row).name)) return true;
    rejections.add(row, kind);
    return false;
  });
}

function pass(
  candidates: readonly number[],
  { plugin, filter }: { plugin: string; filter: NodeFilter },
  rejections: RejectionTable,
): readonly number[] {
  const left: number[] = [];
  // A node's rejections are the same few objects again and again.
  const kinds = new Map<Rejection, number>();
  let last: Rejection | undefined;
  let kind = 0;
  for (let i = 0; i < candidates.length; i += 1) {
    const row = candidates[i] as number;
    const rejection = filter(row);
    if (rejection === undefined) left.push(row);
    else {
      if (rejection !== last) {
        kind = kinds.get(rejection) ?? rejections.kind({ ...rejection, plugin });
        kinds.set(rejection, kind);
        last = rejection;
      }
      rejections.add(row, kind);
    }
  }
  return left;
}

/** Asks every node: filter by filter, each of the nodes that are left. */
export function findNodes(
  pod: PodInfo,
  cluster: ClusterView,
  plugins: readonly FilterPlugin[],
  stopwatch?: Stopwatch,
): FilterResult {
  const rejections = new RejectionTable(cluster.nodes.nodeRows.at(-1) ?? 0);
  const { rejection, nodes, filters } = runPreFilters(pod, cluster, plugins, stopwatch);
  if (rejection) {
    const all = rejections.kind({ ...rejection, ofPod: true });
    for (const row of cluster.nodes.nodeRows) rejections.add(row, all);
    return { candidates: [], rejections };
  }
  let candidates = narrowed(nodes, cluster, rejections);
  for (const filter of filters) {
    const asked = candidates;
    candidates = stopwatch
      ? stopwatch.time(
          filter.plugin,
          'Filter',
          () => pass(asked, filter, rejections),
          (left) => (left.length > 0 ? 'Success' : 'Unschedulable'),
        )
      : pass(asked, filter, rejections);
  }
  return { candidates, rejections };
}

/** Those for whom room is kept on the node, and who come before the Pod or with it. */
function expectedOn(node: string, pod: PodInfo, { nominations }: ClusterCache): readonly PodInfo[] {
  return [...nominations.on(node)].filter((other) => other.uid !== pod.uid && other.priority >= pod.priority);
}

/** As `askNode`, but the Pod must fit even when those come for whom room is kept there. */
export function askNodeExpecting(
  pod: PodInfo,
  row: number,
  cluster: ClusterCache,
  plugins: readonly FilterPlugin[],
): NodeRejection | undefined {
  const { name } = cluster.nodes.at(row);
  const add = cluster.nominations.isEmpty ? [] : expectedOn(name, pod, cluster);
  const ask = () => askNode(pod, row, cluster, plugins);
  return (add.length > 0 ? cluster.supposing(name, { add }, ask) : undefined) ?? ask();
}

/**
 * Takes out the nodes that the Pod only fits as long as those do not come for whom room is being made there.
 * Behaves as kubernetes pkg/scheduler/framework/runtime RunFilterPluginsWithNominatedPods.
 */
export function respectNominations(
  pod: PodInfo,
  cluster: ClusterCache,
  plugins: readonly FilterPlugin[],
  found: FilterResult,
): FilterResult {
  const { candidates, rejections } = found;
  const refused = new Set<number>();
  for (const name of cluster.nominations.nodes()) {
    const row = cluster.nodes.find(name)?.row;
    if (row === undefined || !isAmong(candidates, row)) continue;
    const add = expectedOn(name, pod, cluster);
    const ask = () => askNode(pod, row, cluster, plugins);
    const rejection = add.length > 0 ? cluster.supposing(name, { add }, ask) : undefined;
    if (!rejection) continue;
    refused.add(row);
    rejections.add(row, rejections.kind(rejection));
  }
  return refused.size === 0 ? found : { candidates: candidates.filter((row) => !refused.has(row)), rejections };
}

/** Whether a row is among rows that are in order. */
function isAmong(rows: readonly number[], row: number): boolean {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows[middle] as number) < row) from = middle + 1;
    else to = middle;
  }
  return rows[from] === row;
}
