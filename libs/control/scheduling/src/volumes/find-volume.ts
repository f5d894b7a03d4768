import type { Node, PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { compareQuantities } from '@binnacle/machinery-quantity';
import { nodeMatcher } from '@binnacle/apis-kubernetes/core/v1/node-reading';
import { labelMatcher } from '../pod/selectors.js';
import { classOf, isAvailable, isBoundTo } from './volume-facts.js';

/** Tells of nodes whether the volume can be reached from there. */
export function reachOf({ spec }: PersistentVolume): (node: Node) => boolean {
  const required = spec?.nodeAffinity?.required;
  return required ? nodeMatcher(required.nodeSelectorTerms) : () => true;
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
 * The volumes a claim may be given, best first: one that names it is the only one, else the smallest that is free and fits comes
 * first. Behaves as kubernetes component-helpers/storage/volume FindMatchingVolume.
 */
export function fittingVolumes(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): readonly PersistentVolume[] {
  const able = volumes.filter((volume) => couldServe(volume, claim) && allowsAccess(volume, claim));
  const own = able.find((volume) => isBoundTo(volume, claim));
  if (own) return [own];
  const matches = claim.spec?.selector ? labelMatcher(claim.spec.selector) : () => true;
  return able
    .filter((volume) => isAvailable(volume) && isOfClass(volume, claim) && matches(volume.metadata.labels ?? {}))
    .sort(byFit);
}
