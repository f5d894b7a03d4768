import { expect, test } from 'vitest';
import { safeTarget } from './safe-target.js';

test.each([
  ['/c/main/pods?ns=a', '/c/main/pods?ns=a'],
  ['https://elsewhere.example', '/c/main'],
  ['//elsewhere.example', '/c/main'],
  ['/\\elsewhere.example', '/c/main'],
  ['javascript:alert(1)', '/c/main'],
  [null, '/c/main'],
])('%s leads to %s', (to, target) => {
  expect(safeTarget(to)).toBe(target);
});
