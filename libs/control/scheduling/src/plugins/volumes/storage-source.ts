import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { CSINode, StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import type { Handle } from '../../framework/handle.js';
import { candidatesFor, indexVolumes } from '../../volumes/volume-index.js';
import type { StorageView } from './storage-view.js';
import { VolumeWriter } from './volume-writer.js';

/** What the informers know of volumes. */
export function storageView({ informers }: Pick<Handle, 'informers'>): StorageView {
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumes = informers.for<PersistentVolume>(refs.persistentvolumes);
  const classes = informers.for<StorageClass>(refs.storageclasses);
  const csiNodes = informers.for<CSINode>(refs.csinodes);
  indexVolumes(volumes);
  return {
    claim: (key) => claims.get(key),
    volume: (name) => volumes.get(name),
    candidates: (claim) => candidatesFor(volumes, claim),
    storageClass: (name) => classes.get(name),
    csiNode: (name) => csiNodes.get(name),
  };
}

/** `timeout` is how long a Pod waits for its volumes, in milliseconds. */
export function volumeWriter(
  { informers, client }: Pick<Handle, 'informers' | 'client'>,
  timeout: number,
): VolumeWriter {
  return new VolumeWriter({
    timeout,
    volumes: informers.for<PersistentVolume>(refs.persistentvolumes),
    volumeClient: client.resource<PersistentVolume>(refs.persistentvolumes),
    claims: informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims),
    claimClient: client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims),
  });
}
