import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { deviceMatches, toleratesDeviceTaint } from '@binnacle/apis-kubernetes/devices';
import type { Device, DeviceSelector, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import { AllocationError, type Demand } from './demands.js';
import { deviceKey } from './device-key.js';
import { type Pool, reaches } from './pools.js';

/** A device that may be chosen. */
export interface Candidate {
  readonly key: string;
  readonly device: Device;
  readonly slice: ResourceSlice;
  readonly pool: Pool;
}

export function candidateOf(device: Device, slice: ResourceSlice, pool: Pool): Candidate {
  return { key: deviceKey({ driver: pool.driver, pool: pool.name, device: device.name }), device, slice, pool };
}

function agree(selectors: readonly DeviceSelector[], device: Device, driver: string, owner: string): boolean {
  return selectors.every(({ cel }, index) => {
    const verdict = deviceMatches(cel?.expression ?? '', device, driver);
    if ('matches' in verdict) return verdict.matches;
    throw new AllocationError(`${owner}: selector #${index}: CEL ${verdict.reason} error: ${verdict.message}`);
  });
}

/** Whether a device is of the kind that is asked for, and can be reached from the node. */
export function isSelectable({ device, slice, pool }: Candidate, demand: Demand, claim: string, node: Node): boolean {
  const { deviceClass, selectors } = demand;
  const ofClass = deviceClass.spec?.selectors ?? [];
  if (!agree(ofClass, device, pool.driver, `class ${deviceClass.metadata.name}`)) return false;
  if (!agree(selectors, device, pool.driver, `claim ${claim}`)) return false;
  return slice.spec.perDeviceNodeSelection !== true || reaches(node, device);
}

const PREVENTING = new Set(['NoExecute', 'NoSchedule']);

/** Whether a device has a taint that the request does not bear. */
export function isTaintedFor({ taints = [] }: Device, { tolerations = [] }: Demand): boolean {
  return taints.some(
    (taint) => PREVENTING.has(taint.effect) && !tolerations.some((one) => toleratesDeviceTaint(one, taint)),
  );
}
