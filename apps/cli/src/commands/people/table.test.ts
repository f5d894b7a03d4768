import { expect, test } from 'vitest';
import { table } from './table.js';

test('columns are as wide as what stands in them, and no line ends in blanks', () => {
  expect(
    table(
      ['A', 'LONG', 'C'],
      [
        ['value', 'x', ''],
        ['', 'y', 'z'],
      ],
    ),
  ).toBe('A      LONG  C\nvalue  x\n       y     z');
});
