import { LABEL_POD_TEMPLATE_HASH } from '@binnacle/apis-kubernetes/well-known';
import type { UnstructuredObject } from '@binnacle/web-data';

/** Where an object is, and of what kind. `namespace` is empty for what has none. */
export interface OwnerRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The name a Deployment gives its ReplicaSets is its own and the hash of the template. */
function deploymentOf(replicaSet: string, hash: string | undefined): string | undefined {
  return hash && replicaSet.endsWith(`-${hash}`) ? replicaSet.slice(0, -hash.length - 1) : undefined;
}

/** Who made a Pod and makes it again: its Deployment, another controller, or nobody but itself. */
export function ownerOf({ apiVersion, kind, metadata }: UnstructuredObject): OwnerRef {
  const namespace = metadata.namespace ?? '';
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner || owner.kind === 'Node') return { apiVersion, kind, namespace, name: metadata.name ?? '' };
  const deployment =
    owner.kind === 'ReplicaSet' && deploymentOf(owner.name, metadata.labels?.[LABEL_POD_TEMPLATE_HASH]);
  if (deployment) return { apiVersion: owner.apiVersion, kind: 'Deployment', namespace, name: deployment };
  return { apiVersion: owner.apiVersion, kind: owner.kind, namespace, name: owner.name };
}
