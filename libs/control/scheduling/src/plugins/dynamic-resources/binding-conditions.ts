import type {
  AllocatedDeviceStatus,
  DeviceRequestAllocationResult,
  ResourceClaim,
} from '@binnacle/apis-kubernetes/resource/v1';
import { parseTime } from '@binnacle/machinery-meta';

/** Whether what a claim was given can be used: not yet, or never, and why. */
export type Readiness = { readonly ready: boolean } | { readonly failed: string };

const resultsOf = ({ status }: ResourceClaim): readonly DeviceRequestAllocationResult[] =>
  status?.allocation?.devices?.results ?? [];

export const isWaitedFor = (claim: ResourceClaim): boolean =>
  resultsOf(claim).some(({ bindingConditions = [] }) => bindingConditions.length > 0);

function statusOf({ status }: ResourceClaim, result: DeviceRequestAllocationResult): AllocatedDeviceStatus | undefined {
  return status?.devices?.find(
    ({ driver, pool, device }) => driver === result.driver && pool === result.pool && device === result.device,
  );
}

function readinessOf(claim: ResourceClaim, result: DeviceRequestAllocationResult): Readiness {
  const { bindingConditions = [], bindingFailureConditions = [] } = result;
  if (bindingConditions.length === 0) return { ready: true };
  const { conditions = [] } = statusOf(claim, result) ?? {};
  const holds = (type: string) => conditions.find((one) => one.type === type && one.status === 'True');
  const failure = bindingFailureConditions.map(holds).find((condition) => condition);
  if (!failure) return { ready: bindingConditions.every(holds) };
  const why = `reason=${failure.reason}, message="${failure.message ?? ''}"`;
  return { failed: `device binding failed: claim=${claim.metadata.name}, ${why}` };
}

/** Behaves as kubernetes dynamicresources isClaimReadyForBinding. */
export function readiness(claim: ResourceClaim): Readiness {
  for (const result of resultsOf(claim)) {
    const found = readinessOf(claim, result);
    if ('failed' in found || !found.ready) return found;
  }
  return { ready: claim.status?.allocation !== undefined };
}

/** When the devices of a claim are given up that may take `timeout` milliseconds; undefined where nothing is waited for. */
export function givenUpAt(claim: ResourceClaim, timeout: number): number | undefined {
  const since = claim.status?.allocation?.allocationTimestamp;
  const from = isWaitedFor(claim) ? parseTime(since) : undefined;
  return from === undefined ? undefined : from + timeout;
}

/** Whether it would be better to give the devices of an allocated claim back than to wait for them any longer. */
export function isLost(claim: ResourceClaim, now: number, timeout: number): boolean {
  const found = readiness(claim);
  if ('failed' in found) return true;
  const end = givenUpAt(claim, timeout);
  return !found.ready && end !== undefined && end < now;
}
