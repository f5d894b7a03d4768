import { expect, test } from 'vitest';
import { slowStart, slowStartEach } from './slow-start.js';

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

test('one after the other where no more are to be under way', async () => {
  let busy = 0;
  let most = 0;
  await slowStartEach(
    [1, 2, 3, 4],
    async () => {
      busy += 1;
      most = Math.max(most, busy);
      await Promise.resolve();
      busy -= 1;
    },
    1,
  );
  expect(most).toBe(1);
});
