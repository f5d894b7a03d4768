import { afterEach, expect, test } from 'vitest';
import { clockTime } from './clock-time.js';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each([
  ['UTC', '2026-11-28 03:46:07.087'],
  ['Asia/Shanghai', '2026-11-28 11:46:07.087'],
  ['America/New_York', '2026-11-27 22:46:07.087'],
])('a stamp as a clock in %s shows it', (place, text) => {
  process.env.TZ = place;
  expect(clockTime('2026-11-28T03:46:07.087123456Z')).toBe(text);
});

test('what is no time is shown as it came', () => {
  expect(clockTime('yesterday')).toBe('yesterday');
});
