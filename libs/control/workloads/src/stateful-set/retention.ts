import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { controllerReferenceTo, type KubeObject, type OwnerReference } from '@binnacle/machinery-meta';
import type { FindClaim } from './claims.js';
import { claimNames, claimsOf } from './claims.js';
import { inRange } from './identity.js';

const SET = { apiVersion: 'apps/v1', kind: 'StatefulSet' };
const POD = { apiVersion: 'v1', kind: 'Pod' };

interface Policy {
  readonly whenDeleted: boolean;
  readonly whenScaled: boolean;
}

/** Whether claims are deleted then; they are kept unless it is said. */
function policyOf({ spec }: StatefulSet): Policy {
  const { whenDeleted, whenScaled } = spec?.persistentVolumeClaimRetentionPolicy ?? {};
  return { whenDeleted: whenDeleted === 'Delete', whenScaled: whenScaled === 'Delete' };
}

/** Says the same kind and name; whether it is the same object is another question. */
const names = (reference: OwnerReference, owner: KubeObject, type: typeof SET): boolean =>
  reference.apiVersion === type.apiVersion && reference.kind === type.kind && reference.name === owner.metadata.name;

const referencesOf = (claim: PersistentVolumeClaim): readonly OwnerReference[] => claim.metadata.ownerReferences ?? [];

const isStale = (claim: PersistentVolumeClaim, owner: KubeObject, type: typeof SET): boolean =>
  referencesOf(claim).some((reference) => names(reference, owner, type) && reference.uid !== owner.metadata.uid);

const isOurs = (set: StatefulSet, pod: Pod) => (reference: OwnerReference) =>
  names(reference, set, SET) || names(reference, pod, POD);

/** Somebody else manages the claim, so that what the policy says cannot be done. */
export function hasOtherController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { whenDeleted, whenScaled } = policyOf(set);
  if (!whenDeleted && !whenScaled) return false;
  const ours = isOurs(set, pod);
  return referencesOf(claim).some((reference) => reference.controller && !ours(reference));
}

/** With whom the claim is to go: with a Pod that is scaled away, with the set, or with nobody. */
function wantedOwner(set: StatefulSet, pod: Pod): OwnerReference | undefined {
  const { whenDeleted, whenScaled } = policyOf(set);
  if (whenScaled && !inRange(set, pod)) return controllerReferenceTo(pod, POD);
  return whenDeleted ? controllerReferenceTo(set, SET) : undefined;
}

/**
 * The owner references a claim should have for the set's retention policy; undefined where it has them, or belongs to a set or
 * Pod of that name that is no more and is left to the garbage collector. Behaves as kubernetes
 * pkg/controller/statefulset isClaimOwnerUpToDate and updateClaimOwnerRefForSetAndPod.
 */
export function planOwners(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): OwnerReference[] | undefined {
  if (isStale(claim, set, SET) || isStale(claim, pod, POD)) return undefined;
  const wanted = hasOtherController(claim, set, pod) ? undefined : wantedOwner(set, pod);
  const ours = isOurs(set, pod);
  const held = referencesOf(claim).filter(ours);
  const right = held.every(({ uid, controller }) => controller && uid === wanted?.uid);
  if (right && held.length === (wanted ? 1 : 0)) return undefined;
  return [...referencesOf(claim).filter((reference) => !ours(reference)), ...(wanted ? [wanted] : [])];
}

/** Claims of the Pod whose owners are not what the policy says. */
export function misownedClaims(set: StatefulSet, pod: Pod, find: FindClaim): PersistentVolumeClaim[] {
  return claimNames(set, pod)
    .map(find)
    .filter((claim) => claim !== undefined)
    .filter((claim) => planOwners(claim, set, pod) !== undefined);
}

/** A claim still goes with an earlier Pod of that name: a new one must not be given it. */
export function waitsForStaleClaim(set: StatefulSet, pod: Pod, find: FindClaim): boolean {
  if (!policyOf(set).whenScaled) return false;
  return claimsOf(set, pod).some(({ metadata }) => {
    const claim = find(metadata.name ?? '');
    return claim !== undefined && isStale(claim, pod, POD);
  });
}
