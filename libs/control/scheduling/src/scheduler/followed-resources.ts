import { refs } from '@binnacle/apis-kubernetes/refs';
import type { SharedInformerFactory } from '@binnacle/client-informers';
import type { ResourceRef } from '@binnacle/client-rest';
import type { ClusterEvent, EventResource } from '../framework/cluster-event.js';
import type { SchedulingQueue } from '../queue/scheduling-queue.js';

/** What plugins may hear of beside nodes, Pods and namespaces. */
const REFS: Readonly<Partial<Record<EventResource, ResourceRef>>> = {
  PersistentVolume: refs.persistentvolumes,
  PersistentVolumeClaim: refs.persistentvolumeclaims,
  StorageClass: refs.storageclasses,
  CSINode: refs.csinodes,
  CSIDriver: refs.csidrivers,
  CSIStorageCapacity: refs.csistoragecapacities,
  VolumeAttachment: refs.volumeattachments,
  ResourceClaim: refs.resourceclaims,
  ResourceSlice: refs.resourceslices,
  DeviceClass: refs.deviceclasses,
};

/** Tells the queue of what the plugins want to hear of. Behaves as kubernetes pkg/scheduler addAllEventHandlers. */
export function followResources(
  resources: ReadonlySet<EventResource>,
  informers: SharedInformerFactory,
  queue: Pick<SchedulingQueue, 'happened'>,
): void {
  for (const resource of resources) {
    const ref = REFS[resource];
    if (!ref) continue;
    // The informer of a resource has its objects.
    const tell = (event: object) => queue.happened({ resource, ...event } as ClusterEvent);
    informers.for(ref).addHandler({
      added: (current) => tell({ action: 'Add', current }),
      updated: (current, old) => tell({ action: 'Update', old, current }),
      deleted: (old) => tell({ action: 'Delete', old }),
    });
  }
}
