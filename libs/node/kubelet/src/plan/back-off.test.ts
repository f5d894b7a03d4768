import { describe, expect, test } from 'vitest';
import { BackOff, durationText } from './back-off.js';

describe('BackOff', () => {
  test('lets the first restart pass, then doubles up to the longest', () => {
    const backOff = new BackOff(10_000, 300_000);
    const waits: number[] = [];
    let now = 0;
    for (let crash = 0; crash < 8; crash += 1) {
      const until = backOff.until('a', now, now) ?? now;
      waits.push((until - now) / 1000);
      now = until;
      backOff.next('a', now);
    }
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  test('where nobody knows when it ended, waits from the last try and not for ever', () => {
    const backOff = new BackOff(10_000, 300_000);
    expect(backOff.until('a', undefined, 0)).toBeUndefined();
    backOff.next('a', 1000);
    expect(backOff.until('a', undefined, 5000)).toBe(11_000);
    expect(backOff.until('a', undefined, 11_000)).toBeUndefined();
  });

  test('forgets what has run long enough', () => {
    const backOff = new BackOff(10_000, 300_000);
    backOff.next('a', 0);
    backOff.next('a', 0);
    expect(backOff.until('a', 600_001, 600_001)).toBeUndefined();
    backOff.next('a', 600_001);
    expect(backOff.delay('a')).toBe(10_000);
  });
});

test.each([
  [10_000, '10s'],
  [80_000, '1m20s'],
  [300_000, '5m0s'],
])('%i ms is %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
