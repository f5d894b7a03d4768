import type { AllocationResult, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';

/** As many alternatives as a request may have. */
const MOST_ALTERNATIVES = 8;

/**
 * How well alternatives were met: the earlier one stands among those of its request, the better.
 * Behaves as kubernetes dynamicresources computeScore.
 */
export function scoreOf(
  claims: ReadonlyArray<readonly [claim: ResourceClaim, allocation: AllocationResult | undefined]>,
): number {
  let score = 0;
  for (const [{ spec }, allocation] of claims) {
    const given = new Set((allocation?.devices?.results ?? []).map(({ request }) => request));
    for (const { name, firstAvailable = [] } of spec.devices?.requests ?? []) {
      const met = firstAvailable.findIndex((one) => given.has(`${name}/${one.name}`));
      if (met >= 0) score += MOST_ALTERNATIVES - met;
    }
  }
  return score;
}
