import type { ObjectReference, PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { ANNOTATION_BETA_STORAGE_CLASS } from '@binnacle/apis-kubernetes/well-known';
import type { KubeObject } from '@binnacle/machinery-meta';

/** On a claim: it is bound, and its volume knows. */
export const ANNOTATION_BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
/** On a claim or a volume: a controller chose the other, and may choose again; a user did not. */
export const ANNOTATION_BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
/** On a claim: the node its volume is to be made for. */
export const ANNOTATION_SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** On a claim: who is to make its volume. */
export const ANNOTATION_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
export const ANNOTATION_BETA_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';
/** On a volume: who made it. */
export const ANNOTATION_PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
/** Of a class whose volumes are made by hand. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** The class of a volume or of a claim; empty where it has none. */
export function classOf({ metadata, spec }: KubeObject & { readonly spec?: { storageClassName?: string } }): string {
  return metadata.annotations?.[ANNOTATION_BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? '';
}

export const hasAnnotation = ({ metadata }: KubeObject, name: string): boolean =>
  metadata.annotations !== undefined && Object.hasOwn(metadata.annotations, name);

/** The volume names this claim, or one of its name of which nobody has said yet which it is. */
export function isBoundTo({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const reference = spec?.claimRef;
  if (!reference || reference.name !== metadata.name || reference.namespace !== metadata.namespace) return false;
  return !reference.uid || reference.uid === metadata.uid;
}

/** No claim has it, or was promised it. */
export const isAvailable = ({ spec, status }: PersistentVolume): boolean =>
  !spec?.claimRef && status?.phase === 'Available';

/** Both sides know. */
export const isFullyBound = (claim: PersistentVolumeClaim): boolean =>
  Boolean(claim.spec?.volumeName) && hasAnnotation(claim, ANNOTATION_BIND_COMPLETED);

/** Whether claims of the class wait until a Pod that uses them has a node. */
export const isDelayed = (storage: StorageClass | undefined): boolean =>
  storage?.volumeBindingMode === 'WaitForFirstConsumer';

export function referenceTo(claim: PersistentVolumeClaim): ObjectReference {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion };
}

/** The volume as it says that it is the claim's; undefined where it says so already. */
export function boundVolume(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume | undefined {
  const chosen = !isBoundTo(volume, claim) && !hasAnnotation(volume, ANNOTATION_BOUND_BY_CONTROLLER);
  const known = volume.spec?.claimRef?.uid === claim.metadata.uid && isBoundTo(volume, claim);
  if (known && !chosen) return undefined;
  const annotations = { ...volume.metadata.annotations, [ANNOTATION_BOUND_BY_CONTROLLER]: 'yes' };
  return {
    ...volume,
    metadata: chosen ? { ...volume.metadata, annotations } : volume.metadata,
    spec: { ...volume.spec, claimRef: known ? volume.spec?.claimRef : referenceTo(claim) },
  };
}
