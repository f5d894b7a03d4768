import type { ClusterCache, ClusterView } from '../cache/cluster-cache.js';
import type { FilterPlugin, NodeFilter } from '../framework/plugin.js';
import { type NodeRejection, type Rejection, unresolvable } from '../framework/rejection.js';
import type { PodInfo } from '../pod/pod-info.js';
import { type ActiveFilter, type PreFilterOutcome, runPreFilters } from './pre-filter.js';
import type { Stopwatch } from './stopwatch.js';

export interface FilterResult {
  /** Rows of the nodes that can take the Pod. */
  readonly candidates: readonly number[];
  /** By row, for every other node. */
  readonly rejections: ReadonlyMap<number, NodeRejection>;
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
  rejections: Map<number, NodeRejection>,
): readonly number[] {
  const { nodeRows } = cluster.nodes;
  if (!nodes) return nodeRows;
  const rejection = leftOut(nodes.plugins);
  return nodeRows.filter((row) => {
    if (nodes.names.has(cluster.nodes.at(row).name)) return true;
    rejections.set(row, rejection);
    return false;
  });
}

function pass(
  candidates: readonly number[],
  { plugin, filter }: { plugin: string; filter: NodeFilter },
  rejections: Map<number, NodeRejection>,
): readonly number[] {
  const left: number[] = [];
  // A node's rejections are the same few objects again and again.
  let last: Rejection | undefined;
  let named: NodeRejection | undefined;
  for (let i = 0; i < candidates.length; i += 1) {
    const row = candidates[i] as number;
    const rejection = filter(row);
    if (rejection === undefined) left.push(row);
    else {
      if (rejection !== last) named = { ...rejection, plugin };
      last = rejection;
      rejections.set(row, named as NodeRejection);
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
  const rejections = new Map<number, NodeRejection>();
  const { rejection, nodes, filters } = runPreFilters(pod, cluster, plugins, stopwatch);
  if (rejection) {
    const all = { ...rejection, ofPod: true };
    for (const row of cluster.nodes.nodeRows) rejections.set(row, all);
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
  if (cluster.nominations.isEmpty) return found;
  const rejections = new Map(found.rejections);
  for (const row of found.candidates) {
    const { name } = cluster.nodes.at(row);
    const add = expectedOn(name, pod, cluster);
    if (add.length === 0) continue;
    const rejection = cluster.supposing(name, { add }, () => askNode(pod, row, cluster, plugins));
    if (rejection) rejections.set(row, rejection);
  }
  return { candidates: found.candidates.filter((row) => !rejections.has(row)), rejections };
}
