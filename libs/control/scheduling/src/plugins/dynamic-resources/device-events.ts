import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import type { EventOf } from '../../framework/cluster-event.js';
import { type ClusterEventWithHint, on } from '../../framework/queueing-hint.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { claimsOfPod } from './claims-of-pod.js';

type ClaimNamed = (key: string) => ResourceClaim | undefined;

/** Behaves as kubernetes dynamicresources isSchedulableAfterClaimChange. */
function claimHelps(claimNamed: ClaimNamed) {
  return ({ pod }: PodInfo, { old, current }: EventOf<'ResourceClaim'>): boolean => {
    const claims = claimsOfPod(pod, claimNamed);
    if ('problem' in claims) return false;
    // Devices of any claim that gives them back may be what a Pod waits for.
    if (old?.status?.allocation && !current?.status?.allocation) return true;
    if (!claims.some(({ metadata }) => metadata.uid === current?.metadata.uid)) return false;
    return !old || JSON.stringify(old.status) !== JSON.stringify(current?.status);
  };
}

/** Behaves as kubernetes dynamicresources isSchedulableAfterPodChange. */
function podHelps(claimNamed: ClaimNamed) {
  return ({ uid }: PodInfo, { current }: EventOf<'Pod'>): boolean =>
    current?.uid === uid && !('problem' in claimsOfPod(current.pod, claimNamed));
}

/** What may let a Pod with claims be scheduled. Behaves as kubernetes dynamicresources EventsToRegister. */
export function deviceEvents(claimNamed: ClaimNamed): readonly ClusterEventWithHint[] {
  return [
    on('Node', ['Add', 'UpdateNodeLabel', 'UpdateNodeAllocatable']),
    on('ResourceClaim', ['Add', 'Update'], claimHelps(claimNamed)),
    on('Pod', ['UpdatePodGeneratedResourceClaim'], podHelps(claimNamed)),
    on('DeviceClass', ['Add', 'Update']),
    on('ResourceSlice', ['Add', 'Update']),
  ];
}
