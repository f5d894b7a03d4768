import { expect, test } from 'vitest';
import { deletionBegan } from './deletion.js';

test('a deletion began its grace period before the time it is due', () => {
  const deletionTimestamp = '2026-01-01T00:00:30Z';
  expect(deletionBegan({ deletionTimestamp, deletionGracePeriodSeconds: 30 })).toBe('2026-01-01T00:00:00.000Z');
  expect(deletionBegan({ deletionTimestamp })).toBe('2026-01-01T00:00:30.000Z');
  expect(deletionBegan({})).toBeUndefined();
});
