import type { ResourceQuota, ResourceQuotaStatus } from '@binnacle/apis-kubernetes/core/v1';
import {
  amountOf,
  type Counted,
  equalLists,
  mask,
  type ResourceList,
  usageUnder,
} from '@binnacle/apis-kubernetes/quota';
import { compareQuantities } from '@binnacle/machinery-quantity';

/**
 * What a server counted just now may not have been made yet, or not been heard of here. So long a count is not taken back:
 * otherwise more would be let through than there may be.
 */
export const COUNT_SETTLES = 5_000;

export interface QuotaPlan {
  /** There where it is another. */
  readonly status?: ResourceQuotaStatus;
  /** When to look again, milliseconds since the epoch. */
  readonly again?: number;
}

/** Whether more was used at some time than at another. */
export function grew(before: ResourceQuota | undefined, after: ResourceQuota): boolean {
  const old = before?.status?.used ?? {};
  return Object.entries(after.status?.used ?? {}).some(
    ([name, used]) => compareQuantities(used, amountOf(old, name)) > 0,
  );
}

/** The larger of each, by the names of the first. */
function atLeast(used: ResourceList, floor: ResourceList): ResourceList {
  return Object.fromEntries(
    Object.entries(used).map(([name, amount]) => {
      const before = amountOf(floor, name);
      return [name, before !== undefined && compareQuantities(before, amount) > 0 ? before : amount];
    }),
  );
}

/** Whether a status says this already. */
function says({ hard, used }: ResourceQuotaStatus, nextHard: ResourceList, nextUsed: ResourceList): boolean {
  return hard !== undefined && used !== undefined && equalLists(hard, nextHard) && equalLists(used, nextUsed);
}

/** `grownAt`: when somebody counted something last. Behaves as kubernetes pkg/controller/resourcequota syncResourceQuota. */
export function planQuota(quota: ResourceQuota, counted: readonly Counted[], grownAt: number, now: number): QuotaPlan {
  const { spec: { hard = {} } = {}, status = {} } = quota;
  const before = status.used ?? {};
  // What nobody can count stays as it was.
  const found = mask({ ...before, ...usageUnder(quota, counted, now) }, Object.keys(hard));
  const settles = grownAt + COUNT_SETTLES;
  const used = now < settles ? atLeast(found, before) : found;
  const again = equalLists(used, found) ? {} : { again: settles };
  return says(status, hard, used) ? again : { status: { hard: { ...hard }, used: { ...used } }, ...again };
}
