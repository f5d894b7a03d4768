import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ApiRequest } from './api-request.js';
import { inSteps, restIfLarge } from './large-body.js';

const abort = new AbortController();
const requestOf = (bytes: number): ApiRequest =>
  ({ ctx: { signal: abort.signal }, body: Buffer.alloc(bytes) }) as unknown as ApiRequest;

/** Longer than work has at a time. */
const LONG_MILLISECONDS = 10;

function* longSteps(done: number[], count: number): Generator<undefined, string> {
  for (let at = 0; at < count; at += 1) {
    for (const end = performance.now() + LONG_MILLISECONDS; performance.now() < end; );
    done.push(at);
    yield undefined;
  }
  return 'made';
}

test('what is made of a small body is made at once', () => {
  expect(restIfLarge(requestOf(1_000))).toBeUndefined();
  const done: number[] = [];
  expect(inSteps(requestOf(1_000), longSteps(done, 3))).toBe('made');
  expect(done.length).toBe(3);
});

test('of large bodies one long step is done each time the event loop comes round', async () => {
  const done: number[] = [];
  const work = inSteps(requestOf(100_000), longSteps(done, 3));
  for (let before = done.length; done.length < 3; before = done.length) {
    await nextRound();
    expect(done.length - before).toBeLessThanOrEqual(1);
  }
  expect(await work).toBe('made');
});

test('who has left does not get its turn', async () => {
  const leaving = new AbortController();
  const request = { ctx: { signal: leaving.signal }, body: Buffer.alloc(100_000) } as unknown as ApiRequest;
  const work = inSteps(request, longSteps([], 3));
  leaving.abort(new Error('left'));
  await expect(work).rejects.toThrow('left');
});
