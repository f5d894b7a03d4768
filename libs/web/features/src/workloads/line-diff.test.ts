import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DiffLine, lineDiff, withContext } from './line-diff.js';

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;
const told = (lines: readonly (DiffLine | undefined)[]) =>
  lines.map((line) => (line ? `${SIGNS[line.kind]}${line.text}` : '…'));
const diff = (before: string, after: string) => told(lineDiff([...before], [...after]));

describe('the difference of two texts', () => {
  test.each([
    ['abc', 'abc', [' a', ' b', ' c']],
    ['abc', 'axc', [' a', '-b', '+x', ' c']],
    ['ab', 'b', ['-a', ' b']],
    ['b', 'ab', ['+a', ' b']],
    ['', 'a', ['+a']],
    ['a', '', ['-a']],
  ])('from %s to %s', (before, after, lines) => {
    expect(diff(before, after)).toEqual(lines);
  });

  test('is of both texts, whatever they are, and leaves out nothing', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const found = lineDiff(before, after);
        const without = (kind: string) => found.filter((line) => line.kind !== kind).map(({ text }) => text);
        expect(without('added')).toEqual(before);
        expect(without('removed')).toEqual(after);
      }),
    );
  });

  test('of what is very long is not searched for', () => {
    const long = Array.from({ length: 2_000 }, (_, index) => String(index));
    expect(lineDiff(long, long)).toHaveLength(4_000);
  });

  test('leaves out what is the same and far away', () => {
    expect(told(withContext(lineDiff([...'abcdefgh'], [...'abcdXfgh']), 1))).toEqual([' d', '-e', '+X', ' f', '…']);
    expect(told(withContext(lineDiff([...'abcdefgh'], [...'Xbcdefgh']), 1))).toEqual(['-a', '+X', ' b', '…']);
  });
});
