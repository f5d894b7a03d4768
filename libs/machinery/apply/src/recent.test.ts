import { expect, test } from 'vitest';
import { Recent } from './recent.js';

/** As many characters as three texts of a letter cost. */
const THREE = 3 * 33;

test('the oldest texts go first, and as many as it takes', () => {
  const recent = new Recent<number>(THREE);
  for (const [value, text] of [...'abc'].entries()) recent.keep(text, value);
  expect([...'abc'].map((text) => recent.find(text))).toEqual([0, 1, 2]);
  recent.keep('d', 3);
  expect([...'abcd'].map((text) => recent.find(text))).toEqual([undefined, 1, 2, 3]);
  recent.keep('e'.repeat(30), 4);
  expect([...'bcd'].map((text) => recent.find(text))).toEqual([undefined, undefined, 3]);
});

test('what is much larger than its text counts as what it is, once', () => {
  const recent = new Recent<string>(THREE);
  for (const value of ['first', 'second', 'third']) recent.keep('a', value, 30);
  recent.keep('b', 'other');
  expect([recent.find('a'), recent.find('b')]).toEqual(['third', 'other']);
  recent.keep('c', 'long', 30);
  expect([recent.find('a'), recent.find('b'), recent.find('c')]).toEqual([undefined, 'other', 'long']);
  recent.keep('d', 'longer than all', 1_000);
  expect([...'bcd'].map((text) => recent.find(text))).toEqual([undefined, undefined, undefined]);
});

test('what is made is made once', () => {
  const recent = new Recent<object>(THREE);
  expect(recent.get('a', () => ({}))).toBe(recent.get('a', () => ({})));
});
