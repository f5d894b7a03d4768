import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CLAIM_FINALIZER } from '@binnacle/apis-kubernetes/devices';
import type {
  ResourceClaim,
  ResourceClaimConsumerReference,
  ResourceClaimStatus,
} from '@binnacle/apis-kubernetes/resource/v1';
import { isPodDone, owningPod } from './consumers.js';

/** What a claim has to be told, in this order. */
export interface ClaimPlan {
  readonly status?: ResourceClaimStatus;
  /** It holds no devices any more: nothing keeps it. */
  readonly unprotect: boolean;
  /** The Pod it was made for will not use it again. */
  readonly remove: boolean;
}

const withoutAllocation = ({ allocation: _, ...status }: ResourceClaimStatus): ResourceClaimStatus => status;

function isOver(claim: ResourceClaim, owner: Pod | undefined): boolean {
  const reference = owningPod(claim);
  return Boolean(reference && owner && (owner.metadata.uid !== reference.uid || isPodDone(owner)));
}

const isHeld = ({ metadata }: ResourceClaim): boolean => metadata.finalizers?.includes(CLAIM_FINALIZER) ?? false;

/** One that is deleted and was never used: it may go, and what it was given with it. */
function forsaken(claim: ResourceClaim): Omit<ClaimPlan, 'remove'> {
  const { status = {} } = claim;
  return { unprotect: true, ...(status.allocation && { status: withoutAllocation(status) }) };
}

/** Who uses the claim no longer, and that it gives back its devices when nobody does. */
function released(claim: ResourceClaim, remaining: ResourceClaimConsumerReference[]): Omit<ClaimPlan, 'remove'> {
  const { reservedFor = [], ...status } = claim.status ?? {};
  const [held, unused] = [isHeld(claim), remaining.length === 0];
  if (remaining.length === reservedFor.length) {
    return held && unused && claim.metadata.deletionTimestamp ? forsaken(claim) : { unprotect: false };
  }
  if (!unused) return { status: { ...status, reservedFor: remaining }, unprotect: held && !status.allocation };
  return { status: held ? withoutAllocation(status) : status, unprotect: held };
}

/**
 * What becomes of a claim that only these still use. `owner`: who has the name of the Pod it was made for.
 * Behaves as kubernetes pkg/controller/resourceclaim syncClaim.
 */
export function planClaim(
  claim: ResourceClaim,
  remaining: ResourceClaimConsumerReference[],
  owner: Pod | undefined,
): ClaimPlan {
  return { ...released(claim, remaining), remove: remaining.length === 0 && isOver(claim, owner) };
}
