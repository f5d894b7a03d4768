import { isControlledBy } from '@binnacle/machinery-meta';
import type { Pod, PodResourceClaim } from '../core/v1/index.js';
import type { ResourceClaim, ResourceClaimConsumerReference } from '../resource/v1/index.js';

/** Keeps a claim that is allocated. */
export const CLAIM_FINALIZER = 'resource.kubernetes.io/delete-protection';
/** Which claim of its Pod's spec a generated claim is. */
export const POD_CLAIM_ANNOTATION = 'resource.kubernetes.io/pod-claim-name';
/** `true` on the claim that the scheduler made for a Pod's extended resources. */
export const EXTENDED_CLAIM_ANNOTATION = 'resource.kubernetes.io/extended-resource-claim';
/** Devices of a class are this resource too, whatever else it calls them. */
export const CLASS_RESOURCE_PREFIX = 'deviceclass.resource.kubernetes.io/';

/**
 * The claim that a Pod means. `none`: it was found that it needs none; `missing`: it is still to be made.
 * Behaves as kubernetes dynamic-resource-allocation/resourceclaim Name.
 */
export type PodClaimName =
  | { readonly kind: 'named'; readonly name: string; readonly generated: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'missing'; readonly message: string };

export function podClaimName(pod: Pod, claim: PodResourceClaim): PodClaimName {
  if (claim.resourceClaimName) return { kind: 'named', name: claim.resourceClaimName, generated: false };
  const where = `pod "${pod.metadata.namespace}/${pod.metadata.name}"`;
  if (!claim.resourceClaimTemplateName) {
    const message = `${where}, spec.resourceClaim "${claim.name}": none of the supported fields are set`;
    return { kind: 'missing', message };
  }
  const status = pod.status?.resourceClaimStatuses?.find(({ name }) => name === claim.name);
  if (!status) return { kind: 'missing', message: `${where}: ResourceClaim not created yet` };
  if (!status.resourceClaimName) return { kind: 'none' };
  return { kind: 'named', name: status.resourceClaimName, generated: true };
}

/** Why a generated claim is not the Pod's; undefined where it is. */
export function whyNotForPod(pod: Pod, claim: ResourceClaim): string | undefined {
  if (claim.metadata.namespace === pod.metadata.namespace && isControlledBy(claim, pod)) return undefined;
  const [theirs, ours] = [claim, pod].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return `ResourceClaim ${theirs} was not created for Pod ${ours} (Pod is not owner)`;
}

export const isReservedForPod = ({ status }: ResourceClaim, pod: Pod): boolean =>
  status?.reservedFor?.some(({ uid }) => uid === pod.metadata.uid) ?? false;

export function consumerReference({ metadata }: Pod): ResourceClaimConsumerReference {
  return { resource: 'pods', name: metadata.name ?? '', uid: metadata.uid ?? '' };
}

/** The request of a claim that is meant by `request` or `request/alternative`. */
export const baseRequest = (reference: string): string => reference.split('/')[0] ?? reference;

/** Names of the claims a Pod uses as far as they are known, that of its extended resources among them. */
export function claimNamesOf(pod: Pod): string[] {
  const named = (pod.spec?.resourceClaims ?? []).flatMap((claim) => {
    const found = podClaimName(pod, claim);
    return found.kind === 'named' ? [found.name] : [];
  });
  const extended = pod.status?.extendedResourceClaimStatus?.resourceClaimName;
  return [...new Set(extended ? [...named, extended] : named)];
}
