import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { CSINode, StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { isControlledBy } from '@binnacle/machinery-meta';
import type { PodInfo } from '../../pod/pod-info.js';
import { type ClaimUse, claimUses } from '../../volumes/claim-uses.js';
import { classOf, isDelayed, isFullyBound } from '../../volumes/volume-facts.js';

/** What the rules about volumes look at besides nodes and Pods. */
export interface StorageView {
  /** By `namespace/name`. */
  claim(key: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  /** Those among which a volume for the claim is, where there is one. */
  candidates(claim: PersistentVolumeClaim): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
  /** What the drivers of a node can do. */
  csiNode(name: string): CSINode | undefined;
}

/** The claims of a Pod by what they still need; `problem` says why no node can take it. */
export interface PodClaims {
  readonly problem?: string;
  readonly bound: readonly PersistentVolumeClaim[];
  /** They wait for the node that the Pod is given. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

function problemOf(pod: Pod, use: ClaimUse, claim: PersistentVolumeClaim | undefined): string | undefined {
  if (!claim && use.owned)
    return `waiting for ephemeral volume controller to create the persistentvolumeclaim "${use.name}"`;
  if (!claim) return `persistentvolumeclaim "${use.name}" not found`;
  if (claim.status?.phase === 'Lost') {
    return `persistentvolumeclaim "${use.name}" bound to non-existent persistentvolume "${claim.spec?.volumeName}"`;
  }
  if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${use.name}" is being deleted`;
  if (!use.owned || isControlledBy(claim, pod)) return undefined;
  const { namespace, name } = pod.metadata;
  return `PVC ${namespace}/${use.name} was not created for pod ${namespace}/${name} (pod is not owner)`;
}

export function podClaims({ pod }: PodInfo, storage: StorageView): PodClaims {
  const bound: PersistentVolumeClaim[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  for (const use of claimUses(pod)) {
    const claim = storage.claim(use.key);
    const problem = problemOf(pod, use, claim);
    if (!claim || problem !== undefined) return { problem: problem ?? '', bound, delayed };
    if (isFullyBound(claim)) bound.push(claim);
    else if (isDelayed(storage.storageClass(classOf(claim))) && !claim.spec?.volumeName) delayed.push(claim);
    else return { problem: 'pod has unbound immediate PersistentVolumeClaims', bound, delayed };
  }
  return { bound, delayed };
}
