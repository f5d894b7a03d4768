import { describe, expect, test } from 'vitest';
import { IndexSet } from './index-set.js';

describe('a set of indexes', () => {
  test.each([
    ['nothing', [], ''],
    ['one', [3], '3'],
    ['two side by side', [3, 4], '3,4'],
    ['three side by side', [5, 3, 4], '3-5'],
    ['several, whatever their order', [7, 1, 3, 5, 4, 3], '1,3-5,7'],
  ])('is written as upstream writes it: %s', (_, indexes, text) => {
    expect(String(IndexSet.of(indexes))).toBe(text);
  });

  test.each([
    ['1,3-5,7', 10, '1,3-5,7'],
    ['1,3-5,7', 5, '1,3,4'],
    ['1,x,3-y,4-5-', 10, '1,4,5'],
    ['1,2,3', 10, '1-3'],
    [undefined, 10, ''],
  ])('reads %s of %i indexes as %s', (text, completions, expected) => {
    expect(String(IndexSet.parse(text, completions))).toBe(expected);
  });

  test('knows how many it has and which', () => {
    const set = IndexSet.parse('1,3-5,7', 10);
    expect(set.size).toBe(5);
    expect(Array.from({ length: 9 }, (_, index) => index).filter((index) => set.has(index))).toEqual([1, 3, 4, 5, 7]);
  });

  test('joins what overlaps and what touches', () => {
    expect(String(IndexSet.parse('0-2,8', 10).union(IndexSet.parse('1-4,5,9', 10)))).toBe('0-5,8,9');
  });

  test.each([
    ['0-4', '2-6', 3],
    ['0-4', '5-6', 0],
    ['0,2,4,6', '1-4,6', 3],
    ['', '1', 0],
  ])('%s and %s share %i', (one, other, shared) => {
    expect(IndexSet.parse(one, 10).shared(IndexSet.parse(other, 10))).toBe(shared);
  });

  test.each([
    ['', 3, 5, [0, 1, 2]],
    ['0-2,4', 3, 6, [3, 5]],
    ['1', 1, 6, [0]],
    ['0-5', 2, 6, []],
    ['7', 9, 3, [0, 1, 2]],
  ])('misses of %s at most %i below %i: %j', (text, count, completions, missing) => {
    expect(IndexSet.parse(text, 10).firstMissing(count, completions)).toEqual(missing);
  });
});
