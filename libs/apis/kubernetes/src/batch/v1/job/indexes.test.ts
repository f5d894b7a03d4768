import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countIndexes, sharedIndex } from './indexes.js';

const MOST = 40;

/** The shortest text of some indexes, as the controller writes them. */
function textOf(indexes: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < indexes.length; ) {
    let end = at;
    while (indexes[end + 1] === (indexes[end] as number) + 1) end += 1;
    parts.push(end > at ? `${indexes[at]}-${indexes[end]}` : `${indexes[at]}`);
    at = end + 1;
  }
  return parts.join(',');
}

const someIndexes = fc
  .uniqueArray(fc.nat({ max: MOST - 1 }))
  .map((indexes) => indexes.toSorted((one, other) => one - other));

describe('indexes', () => {
  it('are as many as were written', () => {
    fc.assert(
      fc.property(someIndexes, (indexes) => {
        expect(countIndexes(textOf(indexes), MOST)).toBe(indexes.length);
      }),
    );
  });

  it('of two texts share the first that is in both', () => {
    fc.assert(
      fc.property(someIndexes, someIndexes, (one, other) => {
        const shared = one.find((index) => other.includes(index));
        expect(sharedIndex(textOf(one), textOf(other), MOST)).toBe(shared);
      }),
    );
  });

  it.each([
    ['a', 'cannot convert string to integer for index: "a"'],
    ['1-x', 'cannot convert string to integer for index: "x"'],
    ['', undefined],
    ['5', 'too large index: "5"'],
    ['1-5', 'too large index: "5"'],
    ['3-3', 'non-increasing order, previous: 3, current: 3'],
    ['2,1', 'non-increasing order, previous: 2, current: 1'],
    ['0-2,2', 'non-increasing order, previous: 2, current: 2'],
    [
      '1-2-3',
      'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\'',
    ],
    ['1,,2', 'cannot convert string to integer for index: ""'],
  ])('%s: %s', (text, problem) => {
    const count = () => countIndexes(text, 5);
    if (problem === undefined) expect(count()).toBe(0);
    else expect(count).toThrow(problem);
  });

  it('that cannot be read are passed over where they are compared', () => {
    expect(sharedIndex('x,3', '1,3-4', 5)).toBe(3);
    expect(sharedIndex('', '', 5)).toBeUndefined();
  });
});
