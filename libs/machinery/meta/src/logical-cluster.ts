/** The logical cluster that is served at the root of a server. */
export const DEFAULT_CLUSTER = 'main';

/** The beginning of the paths of a logical cluster; empty for the one at the root, or where none is named. */
export function clusterPrefix(cluster: string | undefined): string {
  return cluster === undefined || cluster === DEFAULT_CLUSTER ? '' : `/clusters/${encodeURIComponent(cluster)}`;
}
