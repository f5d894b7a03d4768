import { expect, test } from 'vitest';
import { humanDuration } from './age.js';

test.each([
  [-5, '0s'],
  [45, '45s'],
  [119, '119s'],
  [200, '3m20s'],
  [600, '10m'],
  [5 * 3600 + 120, '5h2m'],
  [5 * 3600, '5h'],
  [30 * 3600, '30h'],
  [3 * 86400 + 3600, '3d1h'],
  [12 * 86400, '12d'],
  [800 * 86400, '2y70d'],
])('%d seconds are %s', (seconds, text) => {
  expect(humanDuration(seconds * 1_000)).toBe(text);
});
