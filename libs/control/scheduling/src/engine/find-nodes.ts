import type { ClusterCache, ClusterView } from '../cache/cluster-cache.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { FilterPlugin, NodeFilter, Rejection } from '../framework/plugin.js';

/** A node's rejection, and whose it was: the first plugin, in their order, that would not have it. */
export interface NodeRejection extends Rejection {
  readonly plugin: string;
}

/** What one node says to a Pod, all filters asked anew. */
export function askNode(
  pod: PodInfo,
  row: number,
  cluster: ClusterView,
  plugins: readonly FilterPlugin[],
): NodeRejection | undefined {
  return rejectionOf(row, activeFilters(pod, cluster, plugins));
}

export interface FilterResult {
  /** Rows of the nodes that can take the Pod. */
  readonly candidates: readonly number[];
  /** By row, for every other node. */
  readonly rejections: ReadonlyMap<number, NodeRejection>;
}

interface ActiveFilter {
  readonly plugin: string;
  readonly filter: NodeFilter;
}

/** Runs the PreFilters: what remains has something to say about some node. */
function activeFilters(pod: PodInfo, cluster: ClusterView, plugins: readonly FilterPlugin[]): ActiveFilter[] {
  return plugins.flatMap((plugin) => {
    const filter = plugin.preFilter(pod, cluster);
    return filter ? [{ plugin: plugin.name, filter }] : [];
  });
}

function rejectionOf(row: number, filters: readonly ActiveFilter[]): NodeRejection | undefined {
  for (const { plugin, filter } of filters) {
    const rejection = filter(row);
    if (rejection) return { ...rejection, plugin };
  }
  return undefined;
}

/** Asks every node: filter by filter, each of the nodes that are left. */
export function findNodes(pod: PodInfo, cluster: ClusterView, plugins: readonly FilterPlugin[]): FilterResult {
  const rejections = new Map<number, NodeRejection>();
  let candidates = cluster.nodes.nodeRows;
  for (const { plugin, filter } of activeFilters(pod, cluster, plugins)) {
    const left: number[] = [];
    for (let i = 0; i < candidates.length; i += 1) {
      const row = candidates[i] as number;
      const rejection = filter(row);
      if (rejection === undefined) left.push(row);
      else rejections.set(row, { ...rejection, plugin });
    }
    candidates = left;
  }
  return { candidates, rejections };
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
    const add = [...cluster.nominations.on(name)].filter(
      (other) => other.uid !== pod.uid && other.priority >= pod.priority,
    );
    if (add.length === 0) continue;
    const rejection = cluster.supposing(name, { add }, () => askNode(pod, row, cluster, plugins));
    if (rejection) rejections.set(row, rejection);
  }
  return { candidates: found.candidates.filter((row) => !rejections.has(row)), rejections };
}
