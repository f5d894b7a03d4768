import { expect, test } from 'vitest';
import { slowStart } from './slow-start.js';

test('makes as many as asked for', async () => {
  let made = 0;
  const result = await slowStart(11, async () => (made += 1));
  expect(result.made).toHaveLength(11);
  expect(result.error).toBeUndefined();
});

test('a failure stops the batches after the one it happened in', async () => {
  let calls = 0;
  const result = await slowStart(100, async () => {
    calls += 1;
    if (calls > 2) throw new Error('quota');
    return calls;
  });
  expect(calls).toBe(3);
  expect(result.made).toEqual([1, 2]);
  expect(result.error).toMatchObject({ message: 'quota' });
});
