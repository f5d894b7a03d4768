import { describe, expect, test } from 'vitest';
import { seriesOf } from './usage-series.js';
import { SLOTS, slotOf, UsageRing } from './usage-ring.js';
import { usageWindow } from './usage-window.js';

const of = (nanoCores: number) => ({ nanoCores, bytes: 2 * nanoCores });
function ringOf(entries: readonly (readonly [slot: number, nanoCores: number])[]): UsageRing {
  const ring = new UsageRing();
  for (const [slot, nanoCores] of entries) ring.write(slot, of(nanoCores));
  return ring;
}

describe('a ring', () => {
  test('has the means of what was measured', () => {
    const ring = ringOf([
      [100, 10],
      [101, 30],
    ]);
    expect(ring.mean(100, 2)).toEqual(of(20));
    expect(ring.mean(101, 4)).toEqual(of(30));
    expect([ring.mean(98, 2), ring.mean(102, 1)]).toEqual([undefined, undefined]);
  });

  test('lets a measurement stand for a short time before it, and not for a long one', () => {
    const ring = ringOf([
      [100, 10],
      [104, 50],
      [120, 70],
    ]);
    expect(ring.mean(101, 3)).toEqual(of(50));
    expect(ring.mean(105, 15)).toBeUndefined();
    expect(ring.mean(120, 1)).toEqual(of(70));
  });

  test('keeps an hour and no more', () => {
    const ring = ringOf(Array.from({ length: SLOTS + 10 }, (_, at) => [1_000 + at, at] as const));
    expect(ring.mean(1_009, 1)).toBeUndefined();
    expect(ring.mean(1_010, 1)).toEqual(of(10));
    expect(ring.mean(0, 5_000)).toEqual(of((10 + SLOTS + 9) / 2));
  });

  test('does not go back', () => {
    const ring = ringOf([
      [100, 10],
      [99, 70],
    ]);
    expect(ring.mean(99, 2)).toEqual(of(10));
    expect(ring.newest).toBe(100);
  });
});

describe('a series', () => {
  const window = usageWindow({ equal: { window: '2m', step: '30s' } });

  test('has a step for each in which was measured, of all together', () => {
    const rings = [
      ringOf([
        [100, 10],
        [101, 20],
        [107, 40],
      ]),
      ringOf([[107, 2]]),
    ];
    expect(seriesOf(rings, window, 107)).toEqual({
      times: [1_500, 1_530, 1_560, 1_590],
      usageNanoCores: [15, 40, 40, 42],
      workingSetBytes: [30, 80, 80, 84],
      pods: [1, 1, 1, 2],
    });
  });

  test('goes no further than everything was measured', () => {
    expect(seriesOf([ringOf([[100, 10]]), ringOf([[101, 5]])], window, 100)).toEqual({
      times: [1_500],
      usageNanoCores: [10],
      workingSetBytes: [20],
      pods: [1],
    });
    expect(seriesOf([], window, 100).times).toEqual([]);
  });

  test('is an hour at most, in quarters of a minute', () => {
    expect(usageWindow({ equal: { window: '1h', step: '15s' } })).toMatchObject({ steps: 240, slots: 1 });
    expect(usageWindow({})).toEqual({ window: '15m', step: '60s', steps: 15, slots: 4 });
    expect(usageWindow({ equal: { window: '1m', step: '45s' } })).toMatchObject({ steps: 2, slots: 3 });
  });

  test.each([
    ['window', '2h'],
    ['window', '61m'],
    ['step', '10s'],
    ['step', '0s'],
    ['step', '-1m'],
    ['window', ''],
    ['window', '9'.repeat(100)],
    ['step', '1e1s'],
  ])('%s=%s is refused', (field, text) => {
    expect(() => usageWindow({ equal: { [field]: text } })).toThrow(expect.objectContaining({ reason: 'BadRequest' }));
  });
});

test('a slot is a quarter of a minute', () => {
  expect([0, 14_999, 15_000].map(slotOf)).toEqual([0, 0, 1]);
});
