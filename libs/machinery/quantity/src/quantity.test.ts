import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  fromBytes,
  fromMillis,
  isQuantity,
  parseQuantity,
  scaledValue,
  subtractQuantities,
  toBytes,
  toMillis,
  toUnits,
} from './index.js';

describe('canonical form', () => {
  test.each([
    ['0', '0'],
    ['1', '1'],
    ['1000', '1k'],
    ['1500', '1500'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['0.5', '500m'],
    ['1.5', '1500m'],
    ['.5', '500m'],
    ['5.', '5.'],
    ['1Ki', '1Ki'],
    ['1024Ki', '1Mi'],
    ['0.5Gi', '512Mi'],
    ['1.5Gi', '1536Mi'],
    ['1536Mi', '1536Mi'],
    ['1e3', '1e3'],
    ['1000e3', '1e6'],
    ['1E', '1E'],
    ['0.1e3', '100'],
    ['-0.5', '-500m'],
    ['+5', '+5'],
    ['1000Ki', '1000Ki'],
    ['100000n', '100u'],
    ['0.0001n', '1n'],
    ['1.1Ki', '1126400m'],
    ['0.5Ki', '512'],
    ['-1Ki', '-1Ki'],
    ['9223372036854775807', '9223372036854775807'],
    ['16Ei', '9223372036854775807'],
    ['0.000', '0'],
    ['00012', '00012'],
    ['1.500', '1.500'],
    ['100Mi', '100Mi'],
    ['1000M', '1G'],
    ['1000E', '1000E'],
    ['Ki', '0'],
  ])('%s is %s', (text, expected) => expect(canonicalQuantity(text)).toBe(expected));

  test.each([
    ['', 'quantities must match the regular expression'],
    ['abc', 'quantities must match the regular expression'],
    ['1 Gi', 'quantities must match the regular expression'],
    ['1.2.3', 'quantities must match the regular expression'],
    ['1kk', "unable to parse quantity's suffix"],
    ['1mi', "unable to parse quantity's suffix"],
    ['1e', "unable to parse quantity's suffix"],
    ['1e99999999', "unable to parse quantity's suffix"],
  ])('%j: %s', (text, message) => expect(() => parseQuantity(text)).toThrow(message));

  test('a number is taken as its text', () => {
    expect(canonicalQuantity(0.25)).toBe('250m');
    expect(isQuantity(2)).toBe(true);
    expect(isQuantity('2x')).toBe(false);
  });
});

test('amounts are compared, added and taken away', () => {
  expect(compareQuantities('1', '1000m')).toBe(0);
  expect(compareQuantities(undefined, '1n')).toBe(-1);
  expect(addQuantities('1Gi', '1Mi')).toBe('1025Mi');
  expect(addQuantities(undefined, '1Gi')).toBe('1Gi');
  expect(subtractQuantities('1', '250m')).toBe('750m');
});

test('amounts are counted, rounded away from zero', () => {
  expect([toMillis('1'), toMillis('1500u'), toMillis('-1u'), toMillis(undefined)]).toEqual([1000, 2, -1, 0]);
  expect([toBytes('1Ki'), toUnits('1.1')]).toEqual([1024, 2]);
  expect([fromMillis(1500), fromBytes(1024 ** 3), fromMillis(0)]).toEqual(['1500m', '1Gi', '0']);
});

test('a percentage is scaled and a number is not', () => {
  expect([scaledValue('25%', 10, true), scaledValue('25%', 10, false), scaledValue(3, 10, true)]).toEqual([3, 2, 3]);
  expect(() => scaledValue('25', 10, true)).toThrow('string is not a percentage');
});

const text = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.stringMatching(/^[0-9]{1,20}$/),
    fc.stringMatching(/^(\.[0-9]{0,12})?$/),
    fc.constantFrom(
      '',
      'n',
      'u',
      'm',
      'k',
      'M',
      'G',
      'T',
      'P',
      'E',
      'Ki',
      'Mi',
      'Gi',
      'Ti',
      'Pi',
      'Ei',
      'e3',
      'E-2',
      'e7',
    ),
  )
  .map((parts) => parts.join(''));

test('the canonical form means the same and is its own canonical form', () => {
  fc.assert(
    fc.property(text, (quantity) => {
      const canonical = canonicalQuantity(quantity);
      expect(parseQuantity(canonical).nano).toBe(parseQuantity(quantity).nano);
      // 812.5Ki is 832000, which says no more that it was binary, and is 832k.
      const isBinaryNoMore = quantity.endsWith('i') && !canonical.endsWith('i');
      if (!isBinaryNoMore) expect(canonicalQuantity(canonical)).toBe(canonical);
    }),
    { numRuns: 1000 },
  );
});

/** Binary amounts are capped at what fits in 64 bits, so sums are tried well below that. */
const small = text.filter((quantity) => quantity.length < 10 && !/[TPE]i?$/.test(quantity));

test('adding is undone by taking away', () => {
  fc.assert(
    fc.property(small, small, (left, right) => {
      expect(compareQuantities(subtractQuantities(addQuantities(left, right), right), left)).toBe(0);
    }),
  );
});

test('no text makes the parser fail but with its own error', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123.-+eEKiMmnuk ') }), (quantity) => {
      try {
        parseQuantity(quantity);
      } catch (error) {
        expect(error).toHaveProperty('name', 'QuantityError');
      }
    }),
  );
});

test('what is too long to be a quantity is not looked at for long', () => {
  expect(isQuantity(`${'1'.repeat(1_000_000)}x`)).toBe(false);
  expect(isQuantity('1'.repeat(513))).toBe(false);
});
