import { expect, test } from 'vitest';
import { isOpenedAtNode } from './host-ports.js';

test.each([
  [undefined, true],
  ['', true],
  ['0.0.0.0', true],
  ['127.0.0.11', true],
  ['127.0.0.1', false],
  ['192.0.2.1', false],
])('a host port at %s', (asked, expected) => {
  expect(isOpenedAtNode(asked, '127.0.0.11')).toBe(expected);
});
