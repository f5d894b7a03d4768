import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findLines, pieces, withoutEscapes } from './search.js';

test('finds lines whatever their case', () => {
  const lines = ['GET /', 'error: no', 'ERROR'].map((text) => ({ time: '', text }));
  expect(findLines(lines, 'error')).toEqual([1, 2]);
  expect(findLines(lines, '')).toEqual([]);
});

test('marks every hit', () => {
  expect(pieces('aXbxc', 'x')).toEqual([
    { text: 'a', hit: false },
    { text: 'X', hit: true },
    { text: 'b', hit: false },
    { text: 'x', hit: true },
    { text: 'c', hit: false },
  ]);
});

test('pieces put together are the line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ maxLength: 2 }), (text, wanted) => {
      expect(
        pieces(text, wanted)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});

test('colours are left out', () => {
  expect(withoutEscapes('\u001b[31mred\u001b[0m plain')).toBe('red plain');
});
