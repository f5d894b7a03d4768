import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutOf } from './layout.js';
import { nearest, runsOf } from './points.js';
import { ticksOf, timesOf } from './scale.js';

const at = (...times: number[]) => times.map((time) => ({ time, value: time }));

describe('points', () => {
  test('are joined where nothing is missing between them', () => {
    expect(runsOf(at(0, 15, 30, 90, 105), 15)).toEqual([at(0, 15, 30), at(90, 105)]);
    expect(runsOf([], 15)).toEqual([]);
  });

  test('are read at the nearest', () => {
    expect([-5, 7, 8, 400].map((time) => nearest(at(0, 15, 30), time))).toEqual([0, 0, 1, 2]);
  });
});

describe('an axis', () => {
  test.each([
    [0, 4, [0, 1]],
    [7, 4, [0, 2, 4, 6, 8]],
    [0.123, 3, [0, 0.05, 0.1, 0.15000000000000002]],
    [100, 1, [0, 100]],
  ])('up to %d with room for %d', (most, room, ticks) => {
    expect(ticksOf(most, room, 'decimal')).toEqual(ticks);
  });

  test('of bytes counts in powers of 1024', () => {
    const mebibyte = 1024 ** 2;
    expect(ticksOf(300 * mebibyte, 3, 'binary')).toEqual([0, 100, 200, 300].map((count) => count * mebibyte));
    expect(ticksOf(1_500, 3, 'binary')).toEqual([0, 500, 1_000, 1_500]);
  });

  test('holds what it is for, and has not much more marks than there is room for', () => {
    const most = fc.double({ min: 1e-9, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(
        most,
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom('decimal' as const, 'binary' as const),
        (value, room, counting) => {
          const ticks = ticksOf(value, room, counting);
          expect(ticks.at(-1)).toBeGreaterThanOrEqual(value * (1 - 1e-6));
          expect(ticks.length).toBeLessThanOrEqual(room + 1);
        },
      ),
    );
  });

  test('of time has round marks', () => {
    expect(timesOf(100, 3_700, 4)).toEqual([900, 1_800, 2_700, 3_600]);
    expect(timesOf(0, 120, 4)).toEqual([0, 60, 120]);
    expect(timesOf(0, 36_000, 2)).toHaveLength(11);
  });
});

describe('a chart', () => {
  const drawn = (values: number[], bounds: number[]) => ({
    points: values.map((value, index) => ({ time: index * 15, value })),
    bounds: bounds.map((value) => ({ label: String(value), value })),
    step: 15,
  });

  test('has room for lines that are near, and is not pressed flat by those that are far', () => {
    expect(layoutOf(drawn([90, 100], [250]), 500, 168).top).toBeGreaterThanOrEqual(250);
    expect(layoutOf(drawn([90, 100], [1_000]), 500, 168).top).toBeLessThan(200);
    expect(layoutOf(drawn([0, 0], [1_000]), 500, 168).top).toBe(1_000);
  });

  test('finds the time again that it has drawn', () => {
    const { x, timeAt, left, right } = layoutOf(drawn([1, 2, 3, 4], []), 0, 168);
    expect([x(0), x(45)]).toEqual([left, right]);
    expect(Math.round(timeAt(x(30)))).toBe(30);
  });

  test('of one point, or of none, is one all the same', () => {
    for (const values of [[], [5]]) {
      const { x, y } = layoutOf(drawn(values, []), 300, 168);
      expect([x(0), y(0)].every(Number.isFinite)).toBe(true);
    }
  });
});
