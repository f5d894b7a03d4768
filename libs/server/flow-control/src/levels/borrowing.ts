import { allocate, type Claim } from './allocation.js';
import type { PriorityLevel } from './priority-level.js';

/** What a level keeps whatever others want: what it was seen to need, within its nominal share. */
function leastOf({ bounds, demand, isExempt }: PriorityLevel): number {
  if (isExempt) return Math.max(bounds.lower, demand.highWatermark);
  return Math.max(bounds.lower, Math.min(bounds.nominal, demand.highWatermark));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function claimOf(level: PriorityLevel): Claim {
  const lowerBound = leastOf(level);
  return { lowerBound, upperBound: level.bounds.upper, target: Math.max(lowerBound, level.demand.smoothed) };
}

/** How many seats each limited level gets of what is left. */
function divide(total: number, left: number, levels: readonly PriorityLevel[]): { seats: number[]; fraction: number } {
  const lower = levels.map(({ bounds }) => bounds.lower);
  const least = levels.map(leastOf);
  if (left <= sum(lower)) return { seats: lower, fraction: 0 };
  if (left <= sum(least)) {
    const part = (left - sum(lower)) / (sum(least) - sum(lower));
    return { seats: lower.map((seats, at) => seats + Math.round(((least[at] ?? 0) - seats) * part)), fraction: 0 };
  }
  const allocation = allocate(total, levels.map(claimOf));
  if (!allocation) return { seats: levels.map(({ queues }) => queues.concurrencyLimit), fraction: 0 };
  return { seats: allocation.shares.map(Math.round), fraction: allocation.fairFraction };
}

/**
 * Lends the seats that some levels do not use to those that want more, from what the last period showed; answers the fair
 * fraction. Behaves as apiserver pkg/util/flowcontrol updateBorrowingLocked.
 */
export function adjustBorrowing(levels: readonly PriorityLevel[]): number {
  for (const level of levels) level.noteDemand(level.queues.demand.reset());
  const exempt = levels.filter(({ isExempt }) => isExempt);
  const limited = levels.filter(({ isExempt }) => !isExempt);
  const total = sum(levels.map(({ bounds }) => bounds.nominal));
  const { seats, fraction } = divide(total, total - sum(exempt.map(leastOf)), limited);
  for (const level of exempt) level.limitTo(leastOf(level));
  limited.forEach((level, at) => {
    level.target = claimOf(level).target;
    level.limitTo(seats[at] ?? 0);
  });
  return fraction;
}
