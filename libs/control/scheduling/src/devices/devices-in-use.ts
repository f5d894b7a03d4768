import type { DeviceRequestAllocationResult } from '@binnacle/apis-kubernetes/resource/v1';
import { parseQuantity } from '@binnacle/machinery-quantity';
import type { Capacities } from './capacity.js';
import { deviceKey } from './device-key.js';

/** What claims have of devices. */
export interface UsedDevices {
  /** A claim has all of it. */
  isTaken(device: string): boolean;
  /** What claims that share it have of it together; undefined where none does. */
  sharesOf(device: string): Capacities | undefined;
}

interface Share {
  claims: number;
  readonly capacity: Map<string, bigint>;
}

type Results = readonly DeviceRequestAllocationResult[];

/** The devices of all claims, kept as claims come and go. Who looks at a device as its administrator does not use it. */
export class DevicesInUse implements UsedDevices {
  private readonly claims = new Map<string, Results>();
  private readonly taken = new Map<string, number>();
  private readonly shares = new Map<string, Share>();

  /** What a claim has from now on; nothing gives back what it had. */
  set(claim: string, results: Results | undefined): void {
    const before = this.claims.get(claim);
    if (before === results) return;
    for (const result of before ?? []) this.count(result, -1);
    for (const result of results ?? []) this.count(result, 1);
    if (results) this.claims.set(claim, results);
    else this.claims.delete(claim);
  }

  isTaken(device: string): boolean {
    return this.taken.has(device);
  }

  sharesOf(device: string): Capacities | undefined {
    return this.shares.get(device)?.capacity;
  }

  private count(result: DeviceRequestAllocationResult, sign: 1 | -1): void {
    if (result.adminAccess) return;
    const key = deviceKey(result);
    if (result.shareID !== undefined) return this.countShare(key, result, sign);
    const times = (this.taken.get(key) ?? 0) + sign;
    if (times > 0) this.taken.set(key, times);
    else this.taken.delete(key);
  }

  private countShare(key: string, { consumedCapacity = {} }: DeviceRequestAllocationResult, sign: 1 | -1): void {
    const share = this.shares.get(key) ?? { claims: 0, capacity: new Map<string, bigint>() };
    share.claims += sign;
    for (const [name, amount] of Object.entries(consumedCapacity)) {
      share.capacity.set(name, (share.capacity.get(name) ?? 0n) + BigInt(sign) * parseQuantity(amount).nano);
    }
    if (share.claims > 0) this.shares.set(key, share);
    else this.shares.delete(key);
  }
}
