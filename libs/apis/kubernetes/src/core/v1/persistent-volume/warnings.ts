import { fieldPath } from '@binnacle/machinery-validation';
import { requirementWarnings } from '../../../node-labels/deprecated.js';
import { ANNOTATION_BETA_STORAGE_CLASS, ANNOTATION_MOUNT_OPTIONS } from '../../../well-known/index.js';
import type { PersistentVolume, PersistentVolumeSpec } from '../index.js';

const SPEC = fieldPath('spec');
const ANNOTATIONS = fieldPath('metadata', 'annotations');

const OLD_ANNOTATIONS: readonly (readonly [key: string, why: string])[] = [
  [ANNOTATION_BETA_STORAGE_CLASS, 'deprecated since v1.8; use "storageClassName" attribute instead'],
  [ANNOTATION_MOUNT_OPTIONS, 'deprecated since v1.31; use "mountOptions" attribute instead'],
];

const OLD_SOURCES: readonly (readonly [kind: keyof PersistentVolumeSpec, shown: string, why: string])[] = [
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

const RECYCLE =
  'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';

function affinityWarnings({ nodeAffinity }: PersistentVolumeSpec): string[] {
  const terms = SPEC.child('nodeAffinity', 'required').child('nodeSelectorTerms');
  return (nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap(({ matchExpressions }, index) =>
    requirementWarnings(matchExpressions, terms.index(index).child('matchExpressions')),
  );
}

/** Behaves as kubernetes pkg/api/persistentvolume GetWarningsForPersistentVolume. */
export function persistentVolumeWarnings({ metadata, spec = {} }: PersistentVolume): string[] {
  const annotations = OLD_ANNOTATIONS.filter(([key]) => metadata.annotations?.[key] !== undefined);
  const recycled = spec.persistentVolumeReclaimPolicy === 'Recycle';
  return [
    ...annotations.map(([key, why]) => `${ANNOTATIONS.key(key)}: ${why}`),
    ...(recycled ? [`${SPEC.child('persistentVolumeReclaimPolicy')}: ${RECYCLE}`] : []),
    ...affinityWarnings(spec),
    ...OLD_SOURCES.filter(([kind]) => spec[kind]).map(([, shown, why]) => `${SPEC.child(shown)}: ${why}`),
  ];
}
