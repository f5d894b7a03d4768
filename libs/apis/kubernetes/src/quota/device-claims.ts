import type { DeviceSubRequest, ExactDeviceRequest, DeviceRequest, ResourceClaim } from '../resource/v1/index.js';
import type { Evaluator } from './evaluator.js';
import type { ResourceList } from './resource-list.js';

const COUNT = 'count/resourceclaims.resource.k8s.io';
const OF_CLASS = '.deviceclass.resource.k8s.io/devices';
/** What `All` may come to. */
const MOST_DEVICES = 32;

const devicesOf = ({ allocationMode, count = 0 }: ExactDeviceRequest | DeviceSubRequest): number => {
  if (allocationMode === 'All') return MOST_DEVICES;
  return allocationMode === 'ExactCount' ? count : 0;
};

/** By class, the most devices that a request may be given, whichever of its alternatives it is. */
function mostOf({ exactly, firstAvailable = [] }: DeviceRequest): Map<string, number> {
  const most = new Map<string, number>();
  for (const asked of exactly ? [exactly] : firstAvailable) {
    const name = `${asked.deviceClassName}${OF_CLASS}`;
    most.set(name, Math.max(most.get(name) ?? 0, devicesOf(asked)));
  }
  return most;
}

function usage({ spec }: ResourceClaim): ResourceList {
  const total = new Map<string, number>();
  for (const request of spec?.devices?.requests ?? []) {
    for (const [name, count] of mostOf(request)) total.set(name, (total.get(name) ?? 0) + count);
  }
  return { [COUNT]: '1', ...Object.fromEntries([...total].map(([name, count]) => [name, String(count)])) };
}

/** Behaves as kubernetes pkg/quota/v1/evaluator/core/resource_claims.go, but for names of extended resources. */
export const deviceClaimEvaluator: Evaluator<ResourceClaim> = {
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  counts: (name) => name === COUNT || name.endsWith(OF_CLASS),
  matchesScope: () => false,
  usage,
};
