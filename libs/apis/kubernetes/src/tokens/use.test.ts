import { expect, test } from 'vitest';
import { dayBegins, dayOf } from './use.js';

test('a day is told of a time, and its beginning of a day', () => {
  expect(dayOf(Date.parse('2026-02-03T23:59:59.999Z'))).toBe('2026-02-03');
  expect(dayBegins('2026-02-03')).toBe(Date.parse('2026-02-03T00:00:00Z'));
});

test.each([undefined, '', 'yesterday', '2026-2-3', '2026-02-30', '2026-13-01', '2026-02-03T00:00:00Z'])(
  '%s is no day',
  (text) => {
    expect(dayBegins(text)).toBeUndefined();
  },
);
