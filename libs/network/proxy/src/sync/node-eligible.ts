import type { Node } from '@binnacle/apis-kubernetes/core/v1';

/** Set by the cluster autoscaler on a node that it is about to remove. */
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';

/** Whether load balancers may go on sending traffic to a node. Behaves as kubernetes ProxyHealthServer.NodeEligible. */
export function nodeEligible(node: Node | undefined): boolean {
  if (!node || node.metadata.deletionTimestamp) return false;
  return !(node.spec?.taints ?? []).some(({ key }) => key === TO_BE_DELETED);
}
