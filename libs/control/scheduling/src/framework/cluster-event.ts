import type { Namespace, Node, PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { DeviceClass, ResourceClaim, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
} from '@binnacle/apis-kubernetes/storage/v1';
import type { PodInfo } from '../pod/pod-info.js';

/** What may change in a cluster so that a waiting Pod can be scheduled, and what is told of it. */
export interface EventObjects {
  readonly Node: Node;
  /** One on a node, or one for which room is kept there; and, told to itself alone, one that waits. */
  readonly Pod: PodInfo;
  readonly Namespace: Namespace;
  readonly PersistentVolume: PersistentVolume;
  readonly PersistentVolumeClaim: PersistentVolumeClaim;
  readonly StorageClass: StorageClass;
  readonly CSINode: CSINode;
  readonly CSIDriver: CSIDriver;
  readonly CSIStorageCapacity: CSIStorageCapacity;
  readonly VolumeAttachment: VolumeAttachment;
  readonly ResourceClaim: ResourceClaim;
  readonly ResourceSlice: ResourceSlice;
  readonly DeviceClass: DeviceClass;
}

export type EventResource = keyof EventObjects;

/** Every kind of update, `Update` for one of which nothing more exact is known. */
export const UPDATES = [
  'Update',
  'UpdateNodeAllocatable',
  'UpdateNodeLabel',
  'UpdateNodeTaint',
  'UpdateNodeDeclaredFeature',
  'UpdatePodLabel',
  'UpdatePodScaleDown',
  'UpdatePodToleration',
  'UpdatePodSchedulingGatesEliminated',
  'UpdatePodGeneratedResourceClaim',
] as const;

/** Behaves as kubernetes kube-scheduler/framework ActionType. */
export type ActionType = 'Add' | 'Delete' | (typeof UPDATES)[number];

/** What became of an object: `old` is missing for one that came, `current` for one that went. */
export interface EventOf<R extends EventResource> {
  readonly resource: R;
  readonly action: ActionType;
  readonly old?: EventObjects[R];
  readonly current?: EventObjects[R];
}

/** Something happened that may let a waiting Pod be scheduled. */
export type ClusterEvent = { readonly [R in EventResource]: EventOf<R> }[EventResource];

const GROUPS: Partial<Record<EventResource, string>> = {
  Pod: 'Assigned',
  CSINode: 'storage.k8s.io/',
  CSIDriver: 'storage.k8s.io/',
  CSIStorageCapacity: 'storage.k8s.io/',
  StorageClass: 'storage.k8s.io/',
  VolumeAttachment: 'storage.k8s.io/',
  ResourceClaim: 'resource.k8s.io/',
  ResourceSlice: 'resource.k8s.io/',
  DeviceClass: 'resource.k8s.io/',
};

/** As metrics name an event: `NodeAdd`, `AssignedPodDelete`. */
export const eventLabel = ({ resource, action }: Pick<ClusterEvent, 'resource' | 'action'>): string =>
  `${GROUPS[resource] ?? ''}${resource}${action}`;
