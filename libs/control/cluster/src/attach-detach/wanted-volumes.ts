import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { CSIDriver } from '@binnacle/apis-kubernetes/storage/v1';
import { claimUses } from '@binnacle/control-scheduling';
import { isPodTerminal } from '@binnacle/control-workloads';
import { type AttachableVolume, attachable } from './attachable.js';

export interface StorageView {
  claim(key: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  driver(name: string): CSIDriver | undefined;
}

/** A volume that Pods of a node want there. */
export interface WantedVolume extends AttachableVolume {
  readonly pods: readonly Pod[];
}

/** Nothing of it runs, and nothing will. Behaves as kubernetes pkg/volume/util IsPodTerminated. */
function isOver(pod: Pod): boolean {
  if (isPodTerminal(pod)) return true;
  if (!pod.metadata.deletionTimestamp) return false;
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  return all.every(({ state }) => !state?.running);
}

/** The volume of a claim, where both know it. */
function boundVolume(key: string, view: StorageView): PersistentVolume | undefined {
  const claim = view.claim(key);
  if (claim?.status?.phase !== 'Bound') return undefined;
  const volume = view.volume(claim.spec?.volumeName ?? '');
  return volume?.spec?.claimRef?.uid === claim.metadata.uid ? volume : undefined;
}

function volumesOf(pod: Pod, view: StorageView): AttachableVolume[] {
  return claimUses(pod).flatMap(({ key }) => {
    const volume = boundVolume(key, view);
    return (volume && attachable(volume, view.driver)) ?? [];
  });
}

/** What the Pods of a node want attached there, by the volumes' names. */
export function wantedVolumes(pods: readonly Pod[], view: StorageView): Map<string, WantedVolume> {
  const wanted = new Map<string, WantedVolume>();
  for (const pod of pods.filter((each) => !isOver(each))) {
    for (const volume of volumesOf(pod, view)) {
      const others = wanted.get(volume.name)?.pods ?? [];
      wanted.set(volume.name, { ...volume, pods: [...others, pod] });
    }
  }
  return wanted;
}
