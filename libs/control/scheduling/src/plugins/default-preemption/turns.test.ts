import { expect, test } from 'vitest';
import { Turns } from './turns.js';

test('no more than may work at once, those who wait come in order, and one that fails gives its turn away', async () => {
  const turns = new Turns(2);
  const [ends, order]: [(() => void)[], number[]] = [[], []];
  let working = 0;
  const works = [0, 1, 2, 3, 4].map((number) =>
    turns
      .take(async () => {
        order.push(number);
        working += 1;
        await new Promise<void>((resolve) => ends.push(resolve));
        working -= 1;
        if (number === 1) throw new Error('one failed');
      })
      .catch(() => undefined),
  );
  for (let ended = 0; ended < 5; ended += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(working).toBe(Math.min(2, 5 - ended));
    ends.shift()?.();
  }
  await Promise.all(works);
  expect(order).toEqual([0, 1, 2, 3, 4]);
});
