import { compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import type { ResourceQuota } from '../index.js';

/** What is both asked for and limited; the first two may be asked for by their bare names. */
const RESOURCES = ['cpu', 'memory', 'storage', 'ephemeral-storage'];
const BARE = ['cpu', 'memory'];

/** Tells of a new quota that leaves more to be asked for than it leaves as limits. */
export function resourceQuotaWarnings({ spec }: ResourceQuota, old?: ResourceQuota): string[] {
  if (old) return [];
  const hard = spec?.hard ?? {};
  return RESOURCES.flatMap((resource) => {
    const names = [`requests.${resource}`, ...(BARE.includes(resource) ? [resource] : [])];
    const name = names.find((each) => hard[each] !== undefined) ?? '';
    const [request, limit] = [hard[name], hard[`limits.${resource}`]];
    if (!isQuantity(request) || !isQuantity(limit) || compareQuantities(request, limit) <= 0) return [];
    return [`ResourceQuota ${name} (${request}) should be less than limits.${resource} (${limit})`];
  });
}
