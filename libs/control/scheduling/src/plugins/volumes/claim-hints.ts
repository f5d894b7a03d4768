import type { PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { EventOf } from '../../framework/cluster-event.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { claimUses } from '../../volumes/claim-uses.js';

const keyOf = ({ metadata }: PersistentVolumeClaim): string => `${metadata.namespace}/${metadata.name}`;

/** The claim is one of the Pod's. */
export function isOwnClaim({ pod }: PodInfo, { current }: EventOf<'PersistentVolumeClaim'>): boolean {
  return current !== undefined && claimUses(pod).some(({ key }) => key === keyOf(current));
}

/** A Pod that went used a claim that this one uses. */
export function sharedClaim({ pod }: PodInfo, { old }: EventOf<'Pod'>): boolean {
  const keys = new Set(claimUses(pod).map(({ key }) => key));
  return old !== undefined && claimUses(old.pod).some(({ key }) => keys.has(key));
}
