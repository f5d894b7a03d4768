import type { Pod } from '@binnacle/apis-kubernetes/core/v1';

/** The namespace of the leases that nodes renew. */
export const NODE_LEASES = 'kube-node-lease';
export const PODS_OF_NODE = 'nodeName';

export function nodeNameKeys({ spec }: Pod): string[] {
  return spec?.nodeName ? [spec.nodeName] : [];
}
