import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, formatCores, units } from './quantities.js';

describe('quantities are read', () => {
  test.each([
    ['250m', 0.25],
    ['4', 4],
    ['1k', 1_000],
    ['8Gi', 8 * 1024 ** 3],
    [undefined, 0],
    ['lots', 0],
    ['', 0],
  ])('%j is %d', (quantity, value) => expect(units(quantity)).toBe(value));
});

describe('bytes are told in powers of 1024', () => {
  test.each([
    [0, '0 B'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [100 * 1024 ** 2, '100 MiB'],
    [8 * 1024 ** 3, '8 GiB'],
    [3 * 1024 ** 6, '3072 PiB'],
    [0.4, '0.4 B'],
  ])('%d: %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test('what is more is never told as less', () => {
    const size = (text: string) => {
      const [number = '', unit = ''] = text.split(' ');
      return Number(number) * 1024 ** ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].indexOf(unit);
    };
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.nat(2 ** 31 - 1), (a, b) => {
        if (a <= b) expect(size(formatBytes(a))).toBeLessThanOrEqual(size(formatBytes(b)));
      }),
    );
  });
});

describe('cores are told in thousandths below one', () => {
  test.each([
    [0, '0'],
    [0.25, '250m'],
    [0.999, '999m'],
    [1, '1'],
    [1.25, '1.3'],
    [64, '64'],
  ])('%d: %s', (cores, text) => expect(formatCores(cores)).toBe(text));
});
