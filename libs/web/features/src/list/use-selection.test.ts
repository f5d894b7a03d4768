import { expect, test } from 'vitest';
import { selectionText } from './use-selection.js';

test('a selection is in the address while the address can be read', () => {
  expect(selectionText(new Set())).toBe('');
  expect(selectionText(new Set(['default/a', 'default/b']))).toBe('default/a,default/b');
  const many = Array.from({ length: 2_000 }, (_, index) => `default/pod-${index}`);
  expect(selectionText(new Set(many))).toBeUndefined();
});
