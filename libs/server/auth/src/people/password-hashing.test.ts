import { isTooManyRequests } from '@binnacle/machinery-meta';
import { expect, test } from 'vitest';
import { PasswordHashing } from './password-hashing.js';

function held() {
  const hashing = new PasswordHashing();
  const proceed: (() => void)[] = [];
  const refused: unknown[] = [];
  const run = (from: string) =>
    hashing
      .run(from, () => new Promise<void>((resolve) => proceed.push(resolve)))
      .catch((error) => refused.push(error));
  return { hashing, proceed, refused, run };
}

test('few are hashed at a time, the others in their turn', async () => {
  const { hashing, proceed, run } = held();
  const all = Promise.all(['a', 'b', 'c', 'd'].map(run));
  expect([proceed.length, hashing.queued]).toEqual([2, 2]);
  for (let at = 0; at < 4; at += 1) {
    proceed[at]?.();
    await new Promise(setImmediate);
  }
  await all;
  expect([hashing.begun, hashing.queued]).toEqual([4, 0]);
});

test('one address leaves room for others, and all together wait only so many', async () => {
  const { hashing, refused, run } = held();
  for (let at = 0; at < 30; at += 1) void run('a');
  await new Promise(setImmediate);
  expect([hashing.begun, hashing.queued, refused.length]).toEqual([2, 8, 20]);
  for (let at = 0; at < 100; at += 1) void run(`b${at}`);
  await new Promise(setImmediate);
  expect([hashing.begun, hashing.queued]).toEqual([2, 32]);
  expect(refused.every(isTooManyRequests)).toBe(true);
});

test('a hash that fails makes room', async () => {
  const hashing = new PasswordHashing();
  const fail = () => hashing.run('a', () => Promise.reject(new Error('broken')));
  for (let at = 0; at < 5; at += 1) await expect(fail()).rejects.toThrow('broken');
  expect(hashing.begun).toBe(5);
});
