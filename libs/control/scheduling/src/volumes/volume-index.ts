import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { type Informer, keyOf, type Lister, type ObjectKey } from '@binnacle/client-informers';
import { classOf, isAvailable } from './volume-facts.js';

/** Index: volumes by the claims they name. */
const CLAIM = 'claim';
/** Index: the volumes that are free, by class. */
const FREE = 'free';

/** The claim a volume names. */
export function claimKeyOf({ spec }: PersistentVolume): ObjectKey | undefined {
  return spec?.claimRef && `${spec.claimRef.namespace}/${spec.claimRef.name}`;
}

/** Needed once before the volumes are asked for in the ways below. */
export function indexVolumes(volumes: Pick<Informer<PersistentVolume>, 'addIndex'>): void {
  volumes.addIndex(CLAIM, (volume) => [claimKeyOf(volume)].filter((key) => key !== undefined));
  volumes.addIndex(FREE, (volume) => (isAvailable(volume) ? [classOf(volume)] : []));
}

/** The volumes that name a claim. */
export const volumesNaming = (volumes: Lister<PersistentVolume>, claim: ObjectKey): readonly PersistentVolume[] =>
  volumes.byIndex(CLAIM, claim);

/** The volumes among which those that fit a claim are: what names it, and what is free in its class. */
export function candidatesFor(
  volumes: Lister<PersistentVolume>,
  claim: PersistentVolumeClaim,
): readonly PersistentVolume[] {
  return [...volumesNaming(volumes, keyOf(claim)), ...volumes.byIndex(FREE, classOf(claim))];
}
