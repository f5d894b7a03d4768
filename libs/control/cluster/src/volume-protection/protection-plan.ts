import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { hasFinalizer, isControlledBy, type KubeObject } from '@binnacle/machinery-meta';

export const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection';
export const VOLUME_FINALIZER = 'kubernetes.io/pv-protection';
export const ATTRIBUTES_FINALIZER = 'kubernetes.io/vac-protection';

/** A finalizer is put on what lives, and taken off what goes and is not used any more. */
export type ProtectionPlan = 'add' | 'remove' | 'nothing';

export function planProtection(object: KubeObject, finalizer: string, isUsed: () => boolean): ProtectionPlan {
  const held = hasFinalizer(object, finalizer);
  if (!object.metadata.deletionTimestamp) return held ? 'nothing' : 'add';
  return held && !isUsed() ? 'remove' : 'nothing';
}

/** Nothing of it is left to be stopped. */
const isShutDown = ({ metadata }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;

/** Whether a Pod keeps a claim from going; one without a node does not. Behaves as kubernetes podUsesPVCForDeletion. */
export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if (!pod.spec?.nodeName) return false;
  return (pod.spec.volumes ?? []).some(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return persistentVolumeClaim.claimName === claim.metadata.name;
    const isItsOwn = `${pod.metadata.name}-${name}` === claim.metadata.name && isControlledBy(claim, pod);
    return ephemeral !== undefined && !isShutDown(pod) && isItsOwn;
  });
}

export const isInUse = ({ status }: PersistentVolume): boolean => status?.phase === 'Bound';

/** The classes of attributes a claim asks for, has, or is being given. */
export function attributesOfClaim({ spec, status }: PersistentVolumeClaim): string[] {
  const target = status?.modifyVolumeStatus?.targetVolumeAttributesClassName;
  const names = [spec?.volumeAttributesClassName, status?.currentVolumeAttributesClassName, target];
  return [...new Set(names.filter((name): name is string => Boolean(name)))];
}

export function attributesOfVolume({ spec }: PersistentVolume): string[] {
  return spec?.volumeAttributesClassName ? [spec.volumeAttributesClassName] : [];
}
