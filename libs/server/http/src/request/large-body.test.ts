import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ApiRequest } from './api-request.js';
import { betweenRests, restIfLarge } from './large-body.js';

const abort = new AbortController();
const requestOf = (bytes: number): ApiRequest =>
  ({ ctx: { signal: abort.signal }, body: Buffer.alloc(bytes) }) as unknown as ApiRequest;

test('what is made of a small body is made at once', () => {
  expect(restIfLarge(requestOf(1_000))).toBeUndefined();
  expect(betweenRests(requestOf(1_000), () => 1)).toBe(1);
});

test('of large bodies one step is done each time the event loop comes round', async () => {
  const done: number[] = [];
  const steps = [1, 2, 3].map((at) => betweenRests(requestOf(100_000), () => done.push(at)));
  expect(done).toEqual([]);
  for (let before = 0; done.length < 3; before = done.length) {
    await nextRound();
    expect(done.length - before).toBeLessThanOrEqual(1);
  }
  expect((await Promise.all(steps)).length).toBe(3);
});

test('who has left does not get its turn', async () => {
  const leaving = new AbortController();
  const request = { ctx: { signal: leaving.signal }, body: Buffer.alloc(100_000) } as unknown as ApiRequest;
  const step = betweenRests(request, () => 1);
  leaving.abort(new Error('left'));
  await expect(step).rejects.toThrow('left');
});
