import { expect, test } from 'vitest';
import { validityOf } from './validity.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-01-01T00:00:00Z');
const authorityEnds = NOW + 1_000 * HOUR;

test.each<[string, longest: number, asked: number | undefined, ends: number]>([
  ['a short one ends when it was asked to', 24 * HOUR, 3_600, HOUR],
  ['a long one is five minutes shorter', 24 * HOUR, undefined, 24 * HOUR - 5 * MINUTE],
  ['none is longer than allowed', HOUR, 7_200, HOUR],
  ['none is shorter than ten minutes', HOUR, 60, 10 * MINUTE],
  ['nor of less than no time', HOUR, -1, 10 * MINUTE],
  ['ten minutes are enough', HOUR, 600, 10 * MINUTE],
  ['none outlives the authority', 5_000 * HOUR, undefined, 1_000 * HOUR],
])('%s', (_, longest, asked, ends) => {
  expect(validityOf(NOW, { longest, authorityEnds }, asked)).toEqual({
    notBefore: NOW - 5 * MINUTE,
    notAfter: NOW + ends,
  });
});

test('an authority that has ended signs nothing', () => {
  const sign = () => validityOf(NOW, { longest: HOUR, authorityEnds: NOW });
  expect(sign).toThrow('refusing to sign a certificate that expired in the past: NotAfter=2026-01-01T00:00:00.000Z');
});
