import type { ResourceSet } from '@binnacle/apis-registry';
import type { Context } from '@binnacle/machinery-context';

export type SetListener = (cluster: string, set: ResourceSet, before: ResourceSet) => void;

/** Which set of kinds each logical cluster has now. */
export interface ResourceSets {
  /** The set as of the newest write this replica knows of; reads the cluster's definitions where it does not know them. */
  of(ctx: Context, cluster: string): Promise<ResourceSet>;
  /** Without waiting; undefined where the cluster is at rest here. */
  peek(cluster: string): ResourceSet | undefined;
  /** Called after a cluster's set became another one, until the returned call. */
  onChange(listener: SetListener): () => void;
}

/** The same set for every cluster, forever: that of a server without extensions. */
export function fixedResourceSets(set: ResourceSet): ResourceSets {
  const known = Promise.resolve(set);
  return { of: () => known, peek: () => set, onChange: () => () => undefined };
}
