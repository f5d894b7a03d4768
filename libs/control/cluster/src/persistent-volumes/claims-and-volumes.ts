import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { Lister, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import { ANNOTATION_BIND_COMPLETED, classOf, hasAnnotation, indexVolumes } from '@binnacle/control-scheduling';
import type { ControllerDeps } from '@binnacle/control-workloads';

/** Index: claims by the volumes they name. */
const VOLUME = 'volume';
/** Index: the claims that wait for a volume, by class. */
const WAITING = 'waiting';

/** Claims and volumes as the controllers that join them see and write them. */
export interface ClaimsAndVolumes {
  readonly claims: SharedInformer<PersistentVolumeClaim>;
  readonly claimClient: ResourceClient<PersistentVolumeClaim>;
  readonly volumes: SharedInformer<PersistentVolume>;
  readonly volumeClient: ResourceClient<PersistentVolume>;
}

/** Those of a cluster, to be found by each other. */
export function claimsAndVolumes({ client, informers }: ControllerDeps): ClaimsAndVolumes {
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumes = informers.for<PersistentVolume>(refs.persistentvolumes);
  claims.addIndex(VOLUME, ({ spec }) => (spec?.volumeName ? [spec.volumeName] : []));
  claims.addIndex(WAITING, (claim) => (hasAnnotation(claim, ANNOTATION_BIND_COMPLETED) ? [] : [classOf(claim)]));
  indexVolumes(volumes);
  return {
    claims,
    claimClient: client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims),
    volumes,
    volumeClient: client.resource<PersistentVolume>(refs.persistentvolumes),
  };
}

type Claims = Lister<PersistentVolumeClaim>;

export const claimsNaming = (claims: Claims, volume: string): readonly PersistentVolumeClaim[] =>
  claims.byIndex(VOLUME, volume);

/** The claims that wait for a volume of the class; an empty name is that of claims without one. */
export const claimsWaiting = (claims: Claims, storageClass: string): readonly PersistentVolumeClaim[] =>
  claims.byIndex(WAITING, storageClass);
