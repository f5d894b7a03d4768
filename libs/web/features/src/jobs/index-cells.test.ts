import { IndexSet } from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexCells } from './index-cells.js';

const set = (text: string, completions = 1_000_000) => IndexSet.parse(text, completions);
const cells = (completions: number, succeeded: string, failed = '', active = '', most?: number) =>
  indexCells({ completions, succeeded: set(succeeded), failed: set(failed), active: set(active) }, most);

describe('the strip of an indexed Job', () => {
  test('has a mark for each index', () => {
    expect(cells(5, '0,2', '3', '4')).toEqual([
      { first: 0, last: 0, state: 'succeeded' },
      { first: 1, last: 1, state: 'waiting' },
      { first: 2, last: 2, state: 'succeeded' },
      { first: 3, last: 3, state: 'failed' },
      { first: 4, last: 4, state: 'active' },
    ]);
  });

  test('of many stands for several with each mark, and tells the worst of them', () => {
    expect(cells(10, '0-5', '9', '6', 4)).toEqual([
      { first: 0, last: 2, state: 'succeeded' },
      { first: 3, last: 5, state: 'succeeded' },
      { first: 6, last: 8, state: 'active' },
      { first: 9, last: 9, state: 'failed' },
    ]);
  });

  test('of a part that is done is not done', () => {
    expect(cells(4, '0', '', '', 2)[0]?.state).toBe('waiting');
  });

  test.each([0, -1])('of %i indexes is empty', (completions) => {
    expect(cells(completions, '')).toEqual([]);
  });

  test('leaves out no index and is never longer than can be seen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), (completions) => {
        const found = cells(completions, '');
        expect(found.length).toBeLessThanOrEqual(240);
        expect(found.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBe(completions);
      }),
    );
  });
});
