import { expect, test } from 'vitest';
import { compareValues, formatSort, parseSort } from './table/columns.js';
import { strokeOf } from './shortcuts.js';

const key = (name: string, held: object = {}) => ({
  key: name,
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  ...held,
});

test.each([
  [key('j'), 'j'],
  [key('?'), '?'],
  [key('ArrowDown'), 'arrowdown'],
  [key('K', { ctrlKey: true }), 'mod+k'],
  [key('k', { metaKey: true }), 'mod+k'],
  [key('x', { altKey: true }), 'alt+x'],
])('%j is %s', (event, stroke) => {
  expect(strokeOf(event)).toBe(stroke);
});

test('an order comes back from the address as it went', () => {
  for (const sort of [
    { column: 'age', descending: true },
    { column: 'name', descending: false },
  ]) {
    expect(parseSort(formatSort(sort))).toEqual(sort);
  }
  expect(parseSort('')).toBeUndefined();
});

test('names are compared as people count', () => {
  expect(['pod-10', 'pod-9', 'pod-1'].sort(compareValues)).toEqual(['pod-1', 'pod-9', 'pod-10']);
  expect([10, 9, 1].sort(compareValues)).toEqual([1, 9, 10]);
});
