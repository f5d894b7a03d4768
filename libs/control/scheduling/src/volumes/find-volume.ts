import type { Node, PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { compareQuantities } from '@binnacle/machinery-quantity';
import { labelMatcher, nodeMatcher } from '../pod/selectors.js';
import { classOf, isBoundTo } from './volume-facts.js';

/** Whether the volume can be reached from the node. */
export function reachesNode({ spec }: PersistentVolume, node: Node): boolean {
  const required = spec?.nodeAffinity?.required;
  return !required || nodeMatcher(required.nodeSelectorTerms)(node);
}

const sizeOf = ({ spec }: PersistentVolume) => spec?.capacity?.storage;
const requestOf = ({ spec }: PersistentVolumeClaim) => spec?.resources?.requests?.storage;

export const isLargeEnough = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  compareQuantities(sizeOf(volume), requestOf(claim)) >= 0;
export const isOfMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (volume.spec?.volumeMode ?? 'Filesystem') === (claim.spec?.volumeMode ?? 'Filesystem');
export const isOfClass = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  classOf(volume) === classOf(claim);
export const hasAttributes = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (volume.spec?.volumeAttributesClassName ?? '') === (claim.spec?.volumeAttributesClassName ?? '');
export const allowsAccess = ({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec?.accessModes ?? []).every((mode) => spec?.accessModes?.includes(mode));

export interface VolumeSearch {
  /** The volume must be reached from here. */
  readonly node?: Node;
  /** Names of volumes that are promised to others. */
  readonly taken?: ReadonlySet<string>;
  /** Claims of the class wait for a node: without one, only a volume that names the claim will do. */
  readonly delayed: boolean;
}

/** What must hold of any volume for the claim, also of one that names it. */
function couldServe(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (volume.metadata.deletionTimestamp || (volume.spec?.claimRef && !isBoundTo(volume, claim))) return false;
  return isLargeEnough(volume, claim) && isOfMode(volume, claim) && hasAttributes(volume, claim);
}

/** The fewest access modes first, then the smallest. */
function byFit(a: PersistentVolume, b: PersistentVolume): number {
  const modes = (a.spec?.accessModes?.length ?? 0) - (b.spec?.accessModes?.length ?? 0);
  return modes || compareQuantities(sizeOf(a), sizeOf(b));
}

/**
 * The volume for a claim: one that names it, else the smallest that is free and fits. Behaves as kubernetes
 * component-helpers/storage/volume FindMatchingVolume.
 */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  { node, taken, delayed }: VolumeSearch,
): PersistentVolume | undefined {
  const able = volumes.filter(
    (volume) => !taken?.has(volume.metadata.name ?? '') && couldServe(volume, claim) && allowsAccess(volume, claim),
  );
  const own = able.find((volume) => isBoundTo(volume, claim));
  if (own) return node && !reachesNode(own, node) ? undefined : own;
  if (!node && delayed) return undefined;
  const matches = claim.spec?.selector ? labelMatcher(claim.spec.selector) : () => true;
  const free = able.filter(
    (volume) =>
      volume.status?.phase === 'Available' &&
      isOfClass(volume, claim) &&
      matches(volume.metadata.labels ?? {}) &&
      (!node || reachesNode(volume, node)),
  );
  return free.sort(byFit)[0];
}
