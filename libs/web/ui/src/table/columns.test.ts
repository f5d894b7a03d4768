import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareValues, formatSort, parseSort, type SortValue } from './columns.js';

describe('values are put in order', () => {
  const value: fc.Arbitrary<SortValue> = fc.oneof(
    fc.stringMatching(/^[a-zA-Z0-9./-]{0,8}$/),
    fc.integer({ min: -1_000, max: 1_000 }),
  );
  const sign = (a: SortValue, b: SortValue) => Math.sign(compareValues(a, b));

  test('the same way from either side', () => {
    fc.assert(fc.property(value, value, (a, b) => void expect(sign(a, b) + sign(b, a)).toBe(0)));
  });

  test('without a circle', () => {
    const texts = fc.stringMatching(/^[a-zA-Z0-9./-]{0,8}$/);
    fc.assert(
      fc.property(texts, texts, texts, (a, b, c) => {
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('numbers as numbers, and names by the numbers in them', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(99_999), (a, b) => {
        expect(sign(a, b)).toBe(Math.sign(a - b));
        expect(sign(`worker-${a}`, `worker-${b}`)).toBe(Math.sign(a - b));
      }),
    );
  });

  test('any number of times with the same result', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9-]{0,6}$/), { maxLength: 12 }), (names) => {
        const once = [...names].sort(compareValues);
        expect([...once].sort(compareValues)).toEqual(once);
      }),
    );
  });
});

describe('an order', () => {
  const sort = fc.record({ column: fc.stringMatching(/^[a-z][a-zA-Z-]{0,10}$/), descending: fc.boolean() });

  test('comes back from the address as it went', () => {
    fc.assert(fc.property(sort, (each) => void expect(parseSort(formatSort(each))).toEqual(each)));
  });

  test.each([
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
    ['age', { column: 'age', descending: false }],
    ['-age', { column: 'age', descending: true }],
    ['-t-last-schedule', { column: 't-last-schedule', descending: true }],
  ])('%j is read as %j', (text, read) => {
    expect(parseSort(text)).toEqual(read);
  });
});
