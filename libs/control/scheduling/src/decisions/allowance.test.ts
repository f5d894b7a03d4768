import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { Allowance } from './allowance.js';

function taken(allowance: Allowance, clock: FakeClock, asks: number, every: number): number {
  let count = 0;
  for (let ask = 0; ask < asks; ask += 1) {
    clock.step(every);
    if (allowance.take()) count += 1;
  }
  return count;
}

const limits = { perSecond: 5, most: 20, oneIn: 50 };

test('of many who ask in a row, as many as may be at once and a share of the others, whether they come fast or slowly', () => {
  for (const every of [1, 5, 50, 500]) {
    const clock = new FakeClock();
    const count = taken(new Allowance(clock, limits), clock, 1_000, every);
    expect(count).toBeLessThanOrEqual(20 + 1_000 / 50);
    expect(count).toBeGreaterThanOrEqual(20);
  }
});

test('never more than so many a second, and after a rest as many at once as before', () => {
  const clock = new FakeClock();
  const allowance = new Allowance(clock, limits);
  expect(taken(allowance, clock, 10_000, 1)).toBeLessThanOrEqual(20 + 5 * 10);
  clock.step(4_000);
  expect(taken(allowance, clock, 100, 1)).toBeGreaterThanOrEqual(20);
});

test('who asks once in a while is always told yes', () => {
  const clock = new FakeClock();
  expect(taken(new Allowance(clock, limits), clock, 200, 1_000)).toBe(200);
});
