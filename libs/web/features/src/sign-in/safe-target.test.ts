import { expect, test } from 'vitest';
import { safeTarget } from './safe-target.js';

test.each([
  ['/c/main/pods?ns=a', '/c/main/pods?ns=a'],
  ['https://elsewhere.example', '/c/main'],
  ['//elsewhere.example', '/c/main'],
  ['/\\elsewhere.example', '/c/main'],
  ['/\t/elsewhere.example', '/c/main'],
  ['/\n//elsewhere.example', '/c/main'],
  ['/\t\\elsewhere.example', '/c/main'],
  ['/..//elsewhere.example', '/c/main'],
  ['/a/..//elsewhere.example', '/c/main'],
  ['/a//b', '/a//b'],
  ['/c/main/pods/shop/a%2Fb#x', '/c/main/pods/shop/a%2Fb#x'],
  ['javascript:alert(1)', '/c/main'],
  ['', '/c/main'],
  [null, '/c/main'],
])('%s leads to %s', (to, target) => {
  expect(safeTarget(to)).toBe(target);
});
