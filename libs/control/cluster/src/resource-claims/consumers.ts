import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { claimNamesOf } from '@binnacle/apis-kubernetes/devices';
import type { ResourceClaim, ResourceClaimConsumerReference } from '@binnacle/apis-kubernetes/resource/v1';
import type { ObjectKey } from '@binnacle/client-informers';

/** Index: Pods by the claims they use. */
export const CLAIMS = 'resourceClaims';
/** Index: Pods by the templates of their claims. */
export const TEMPLATES = 'resourceClaimTemplates';
/** Index: claims by the Pods that own them. */
export const OWNERS = 'owningPod';

const inNamespaceOf = ({ metadata }: Pod, names: readonly string[]): ObjectKey[] =>
  names.map((name) => `${metadata.namespace}/${name}`);

export const claimKeysOf = (pod: Pod): ObjectKey[] => inNamespaceOf(pod, claimNamesOf(pod));

export function templateKeysOf(pod: Pod): ObjectKey[] {
  const names = (pod.spec?.resourceClaims ?? []).flatMap(({ resourceClaimTemplateName: name }) => (name ? [name] : []));
  return inNamespaceOf(pod, [...new Set(names)]);
}

/** The Pod a claim was made for. */
export const owningPod = ({ metadata }: ResourceClaim) =>
  metadata.ownerReferences?.find(
    ({ controller, apiVersion, kind }) => controller && apiVersion === 'v1' && kind === 'Pod',
  );

export function ownerUids(claim: ResourceClaim): string[] {
  const owner = owningPod(claim);
  return owner ? [owner.uid] : [];
}

/** No container of it runs or ever will. */
export const isPodDone = ({ metadata, spec, status }: Pod): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed' || Boolean(metadata.deletionTimestamp && !spec?.nodeName);

export const isPod = ({ apiGroup = '', resource }: ResourceClaimConsumerReference): boolean =>
  apiGroup === '' && resource === 'pods';
