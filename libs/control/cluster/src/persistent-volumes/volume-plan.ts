import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import {
  ANNOTATION_BOUND_BY_CONTROLLER,
  ANNOTATION_PROVISIONED_BY,
  hasAnnotation,
  isOfMode,
} from '@binnacle/control-scheduling';

export type VolumePlan =
  | { readonly act: 'phase'; readonly phase: 'Available' | 'Bound' | 'Released' }
  /** It was bound to a claim that is bound elsewhere now. */
  | { readonly act: 'unbind' }
  /** The claim is to bind it: whether it may is looked at there. */
  | { readonly act: 'wakeClaim' }
  | { readonly act: 'mismatch'; readonly claim: PersistentVolumeClaim }
  /** It is nobody's, and cannot be made free or taken away. */
  | { readonly act: 'fail'; readonly reason: string; readonly message: string }
  | { readonly act: 'nothing' };

/**
 * It is nobody's any more. Who made a volume takes it away; there are no plugins here that would take away or wipe another.
 * What was Failed stays so, for its user to see.
 */
function release(volume: PersistentVolume): VolumePlan {
  const { phase } = volume.status ?? {};
  if (phase === 'Failed') return { act: 'nothing' };
  if (phase !== 'Released') return { act: 'phase', phase: 'Released' };
  const policy = volume.spec?.persistentVolumeReclaimPolicy;
  if (policy === 'Recycle') {
    return { act: 'fail', reason: 'VolumeFailedRecycle', message: 'No recycler plugin found for the volume!' };
  }
  if (policy !== 'Delete' || hasAnnotation(volume, ANNOTATION_PROVISIONED_BY)) return { act: 'nothing' };
  const message = `error getting deleter volume plugin for volume "${volume.metadata.name}": no volume plugin matched`;
  return { act: 'fail', reason: 'VolumeFailedDelete', message };
}

/** It was made for one claim, and is of no use to others. */
const isMadeFor = (volume: PersistentVolume): boolean =>
  hasAnnotation(volume, ANNOTATION_PROVISIONED_BY) && volume.spec?.persistentVolumeReclaimPolicy === 'Delete';

/**
 * What is to be done about a volume; `claim` is the one it names, where there is that very one. Behaves as kubernetes
 * pkg/controller/volume/persistentvolume syncVolume.
 */
export function planVolume(volume: PersistentVolume, claim: PersistentVolumeClaim | undefined): VolumePlan {
  const reference = volume.spec?.claimRef;
  if (!reference?.uid) return { act: 'phase', phase: 'Available' };
  if (!claim) return release(volume);
  const bound = claim.spec?.volumeName;
  if (!bound) return isOfMode(volume, claim) ? { act: 'wakeClaim' } : { act: 'mismatch', claim };
  if (bound === volume.metadata.name) return { act: 'phase', phase: 'Bound' };
  return isMadeFor(volume) ? release(volume) : { act: 'unbind' };
}

/** The volume without its claim: one that a user bound beforehand keeps the claim's name. */
export function unbound(volume: PersistentVolume): PersistentVolume {
  const { [ANNOTATION_BOUND_BY_CONTROLLER]: ours, ...annotations } = volume.metadata.annotations ?? {};
  const { claimRef, ...spec } = volume.spec ?? {};
  if (ours !== undefined) return { ...volume, metadata: { ...volume.metadata, annotations }, spec };
  const { uid: _uid, resourceVersion: _version, ...named } = claimRef ?? {};
  return { ...volume, spec: { ...spec, claimRef: named } };
}
