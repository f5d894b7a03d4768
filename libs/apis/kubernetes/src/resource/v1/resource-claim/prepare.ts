import { keep, keepMetadata } from '@binnacle/apis-registry';
import type { ResourceClaim } from '../index.js';

interface Allocated {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

/** Which device is meant, and which share of it. */
export function deviceId({ driver, pool, device, shareID }: Allocated): string {
  return [driver, pool, device, ...(shareID ? [shareID] : [])].join('/');
}

export function allocatedDevices({ status }: ResourceClaim): Set<string> {
  return new Set((status?.allocation?.devices?.results ?? []).map(deviceId));
}

/** What drivers said of devices that are given back goes with them. */
export function prepareClaimStatus(next: ResourceClaim, old: ResourceClaim): void {
  keep(next, old, 'spec');
  keepMetadata(next, old);
  const { devices } = next.status ?? {};
  if (!next.status || !devices) return;
  const [before, after] = [allocatedDevices(old), allocatedDevices(next)];
  const kept = devices.filter((device) => !before.has(deviceId(device)) || after.has(deviceId(device)));
  if (kept.length > 0) next.status.devices = kept;
  else delete next.status.devices;
}
