import { formatTime } from '@binnacle/machinery-context';
import type { ClusterNetwork } from '@binnacle/server-registry';
import type { ClusterMove } from '@binnacle/server-storage';

export const CLUSTERS = { group: 'clusters.binnacle.dev', resource: 'clusters' };
const API_VERSION = 'clusters.binnacle.dev/v1';

export type NetworkOf = (cluster: Pick<ClusterMove, 'name' | 'place'>) => ClusterNetwork | undefined;

const rangesOf = ({ pods, services, nodes, loadBalancers }: ClusterNetwork) => ({
  podCIDR: pods,
  serviceCIDR: services,
  nodeCIDR: nodes,
  loadBalancerCIDR: loadBalancers,
});

/** A logical cluster as clients are told of it; of its lists, who has just changed that. Its resourceVersion is that of the last change that was more than a sign of life. */
export function clusterObject(cluster: ClusterMove, networkOf: NetworkOf, visibleLists?: boolean): object {
  const { name, incarnation: uid, revision, createdAt } = cluster;
  const network = networkOf(cluster);
  return {
    apiVersion: API_VERSION,
    kind: 'Cluster',
    metadata: { name, uid, resourceVersion: String(revision), creationTimestamp: formatTime(createdAt) },
    spec: {
      ...(network && rangesOf(network)),
      ...(visibleLists !== undefined && { visibleLists }),
    },
  };
}

export function clusterList(items: readonly object[]): object {
  return { apiVersion: API_VERSION, kind: 'ClusterList', metadata: {}, items };
}

/** Says that every cluster there is has been told. */
export const endOfInitialState: object = {
  type: 'BOOKMARK',
  object: {
    apiVersion: API_VERSION,
    kind: 'Cluster',
    metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
  },
};
