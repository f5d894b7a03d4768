import type { Counter, Device, DeviceCounterConsumption, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import { parseQuantity } from '@binnacle/machinery-quantity';

/** Amounts in billionths by counter set, then by counter. */
export type Counters = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

const amountsOf = (counters: Readonly<Record<string, Counter>> = {}): Map<string, bigint> =>
  new Map(Object.entries(counters).map(([name, { value }]) => [name, parseQuantity(value).nano]));

/** What is counted together in a pool; undefined where a set is told of twice. */
export function counterSets(slices: readonly ResourceSlice[]): Counters | undefined {
  const sets = slices.flatMap(({ spec }) => spec.sharedCounters ?? []);
  const counters = new Map(sets.map((set) => [set.name, amountsOf(set.counters)]));
  return counters.size === sets.length ? counters : undefined;
}

/** Whether devices use counters that there are not. */
export function wrongCounters(devices: readonly Device[], counters: Counters): boolean {
  const isWrong = ({ counterSet, counters: used = {} }: DeviceCounterConsumption): boolean => {
    const known = counters.get(counterSet);
    return !known || Object.keys(used).some((name) => !known.has(name));
  };
  return devices.some(({ consumesCounters = [] }) => consumesCounters.some(isWrong));
}

/** What is left of a pool's counters. It may be less than nothing where a driver has changed its mind. */
export class CounterStock {
  private readonly left: ReadonlyMap<string, Map<string, bigint>>;

  constructor(counters: Counters) {
    this.left = new Map([...counters].map(([set, amounts]) => [set, new Map(amounts)]));
  }

  take(device: Device): void {
    this.change(device, -1n);
  }

  giveBack(device: Device): void {
    this.change(device, 1n);
  }

  /** Whether nothing was taken that is not there, of any counter of the pool. */
  get isCovered(): boolean {
    return [...this.left.values()].every((amounts) => [...amounts.values()].every((amount) => amount >= 0n));
  }

  private change({ consumesCounters = [] }: Device, sign: bigint): void {
    for (const { counterSet, counters } of consumesCounters) {
      const amounts = this.left.get(counterSet);
      for (const [name, amount] of amountsOf(counters)) {
        const before = amounts?.get(name);
        if (before !== undefined) amounts?.set(name, before + sign * amount);
      }
    }
  }
}
