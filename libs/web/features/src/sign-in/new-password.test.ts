import { expect, test } from 'vitest';
import { passwordFault } from './new-password.js';

test.each([
  ['short', 'short', '', 'tooShort'],
  ['long enough one', 'long enuogh one', '', 'differs'],
  ['long enough one', 'long enough one', 'long enough one', 'same'],
  ['long enough one', 'long enough one', 'the old one', undefined],
  // Counted by signs, not by what they are made of.
  ['😀😀😀😀', '😀😀😀😀', '', 'tooShort'],
])('%j, again %j, in place of %j: %s', (fresh, repeat, current, fault) => {
  expect(passwordFault(fresh, repeat, current)).toBe(fault);
});
