import { expect, test } from 'vitest';
import { soon, soonEach } from './soon.js';

test('goes on at once with what is there', () => {
  expect(soon(1, (value) => value + 1)).toBe(2);
});

test('waits for what is not', async () => {
  await expect(soon(Promise.resolve(1), (value) => value + 1)).resolves.toBe(2);
});

test('keeps the order, whoever has to be waited for', async () => {
  const done: number[] = [];
  const act = (item: number) => {
    if (item % 2 === 0) return Promise.resolve().then(() => void done.push(item));
    done.push(item);
    return undefined;
  };
  await soonEach([1, 2, 3, 4, 5], act);
  expect(done).toEqual([1, 2, 3, 4, 5]);
  expect(soonEach([1, 3], act)).toBeUndefined();
});

test('stops at the first that fails', async () => {
  const seen: number[] = [];
  const act = async (item: number) => {
    seen.push(item);
    if (item === 2) throw new Error('two');
  };
  await expect(soonEach([1, 2, 3], act)).rejects.toThrow('two');
  expect(seen).toEqual([1, 2]);
});
