import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesIn, MarksProblem, parseMarks } from './parse-marks.js';

describe('labels are read as kubectl takes them', () => {
  test.each([
    ['tier=web', { tier: 'web' }],
    ['tier=web  old- example.com/team=a', { tier: 'web', old: null, 'example.com/team': 'a' }],
    ['empty=', { empty: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['note="two words" x=y', { note: 'two words', x: 'y' }],
    ['a=b-', { a: 'b-' }],
    ['', {}],
    ['  ', {}],
  ])('%s', (text, marks) => {
    expect(parseMarks(text)).toEqual(marks);
  });

  test.each([
    ['tier', { problem: 'form', text: 'tier' }],
    ['=web', { problem: 'form', text: '=web' }],
    ['-', { problem: 'form', text: '-' }],
    ['a=1 a=2', { problem: 'twice', text: 'a' }],
    ['a=1 a-', { problem: 'twice', text: 'a' }],
    ['note="open', { problem: 'quote', text: 'note="open' }],
  ])('%s is not understood', (text, problem) => {
    expect(parseMarks(text)).toEqual(problem);
    expect(parseMarks(text)).toBeInstanceOf(MarksProblem);
  });

  test('whatever is typed, there is an answer', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => typeof parseMarks(text) === 'object'));
  });

  test('a label called problem is one', () => {
    expect(parseMarks('problem=form text=x')).not.toBeInstanceOf(MarksProblem);
  });
});

test('what is so already is no change', () => {
  const marks = { same: 'a', other: 'b', fresh: 'c', gone: null, never: null };
  expect(changesIn(marks, { same: 'a', other: 'x', gone: 'y' })).toEqual({ other: 'b', fresh: 'c', gone: null });
});
