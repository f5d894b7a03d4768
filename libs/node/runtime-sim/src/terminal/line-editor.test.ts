import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyReader } from './keys.js';
import { edit, type EditedLine, newLine, type Outcome, textOf } from './line-editor.js';

/** A line after some typing, and how the last key ended it. */
function type(bytes: string, history: readonly string[] = []): { line: EditedLine; outcome: Outcome } {
  let [line, outcome]: [EditedLine, Outcome] = [newLine(history), 'goes on'];
  for (const key of new KeyReader().read(Buffer.from(bytes))) ({ line, outcome } = edit(line, key));
  return { line, outcome };
}
const [UP, DOWN, LEFT] = ['\x1b[A', '\x1b[B', '\x1b[D'];

describe('a line', () => {
  test.each([
    ['abc\x7f', 'ab'],
    ['abc\x01x', 'xabc'],
    [`abc${LEFT}${LEFT}x`, 'axbc'],
    [`abc${LEFT}\x0b`, 'ab'],
    [`abc${LEFT}\x15`, 'c'],
    ['ls -l  /tmp\x17', 'ls -l  '],
    ['ab cd\x1b[1;5D\x1b[1;5Dx\x1b[1;5Cy', 'xaby cd'],
    ['ab\x01\x04', 'b'],
    ['世界\x7f', '世'],
  ])('typed as %j is %j', (bytes, text) => {
    expect(textOf(type(bytes).line)).toBe(text);
  });

  test.each([
    ['ls\r', 'entered'],
    ['ls\x03', 'interrupted'],
    ['\x04', 'ended'],
    ['a\x04', 'goes on'],
  ])('%j %s', (bytes, outcome) => {
    expect(type(bytes).outcome).toBe(outcome);
  });

  test('goes back to what was entered, and returns to what was begun', () => {
    const history = ['one', 'two'];
    expect(textOf(type(`x${UP}`, history).line)).toBe('two');
    expect(textOf(type(`x${UP}${UP}${UP}`, history).line)).toBe('one');
    expect(textOf(type(`x${UP}${DOWN}`, history).line)).toBe('x');
    expect(textOf(type(`${UP}!${UP}${DOWN}`, history).line)).toBe('two!');
  });

  test('never loses its cursor, and takes back what it was given', () => {
    const keys = fc.array(
      fc.constantFrom('a', ' ', '世', UP, DOWN, LEFT, '\x1b[C', '\x7f', '\x0b', '\x17', '\x1b[1;5C'),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(keys, fc.string({ maxLength: 10 }), (typed, more) => {
        const { line } = type(typed.join(''), ['past']);
        expect(line.at).toBeGreaterThanOrEqual(0);
        expect(line.at).toBeLessThanOrEqual(line.characters.length);
        let longer = edit(line, { name: 'text', text: more }).line;
        for (const _ of more) longer = edit(longer, { name: 'backspace' }).line;
        expect([textOf(longer), longer.at]).toEqual([textOf(line), line.at]);
      }),
    );
  });
});
