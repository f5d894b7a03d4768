import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';

export interface Claim {
  readonly identity: string;
  /** RFC 3339 with microseconds. */
  readonly now: string;
  readonly leaseMilliseconds: number;
  /** The present holder has not renewed for the lease's duration. */
  readonly expired: boolean;
}

function isHeldByAnother(lease: Lease | undefined, { identity, expired }: Claim): boolean {
  const holder = lease?.spec?.holderIdentity;
  return Boolean(holder) && holder !== identity && !expired;
}

/** The lease as it would be after taking or renewing it; undefined while another holds it. */
export function claimLease(lease: Lease | undefined, claim: Claim): Lease | undefined {
  if (isHeldByAnother(lease, claim)) return undefined;
  const { holderIdentity, acquireTime, leaseTransitions = 0 } = lease?.spec ?? {};
  const kept = holderIdentity === claim.identity;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...lease?.metadata },
    spec: {
      holderIdentity: claim.identity,
      leaseDurationSeconds: Math.ceil(claim.leaseMilliseconds / 1000),
      acquireTime: kept ? acquireTime : claim.now,
      renewTime: claim.now,
      leaseTransitions: lease && !kept ? leaseTransitions + 1 : leaseTransitions,
    },
  };
}

/** The lease given back, so that the next leader need not wait for it to expire; undefined if it is not ours. */
export function releaseLease(lease: Lease, identity: string, now: string): Lease | undefined {
  if (lease.spec?.holderIdentity !== identity) return undefined;
  const { leaseTransitions } = lease.spec;
  return {
    ...lease,
    spec: { holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now, leaseTransitions },
  };
}
