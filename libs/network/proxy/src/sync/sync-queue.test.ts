import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SyncQueue } from './sync-queue.js';

let clock: FakeClock;
let ctx: Context;
let done: string[];
let rounds: Array<readonly [began: number, now: number]>;
let carryOut: (key: string) => void;
let queue: SyncQueue;
const queued = vi.fn();

beforeEach(() => {
  clock = new FakeClock();
  ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
  done = [];
  rounds = [];
  carryOut = (key) => void done.push(key);
  queue = new SyncQueue((key) => carryOut(key), { queued, synced: (...round) => void rounds.push(round) });
});
afterEach(() => {
  queue.stop();
  queued.mockClear();
});

test('what waited before is done at once, what comes together later is done together', async () => {
  queue.mark(['a', 'b', 'a']);
  expect([done, rounds, queue.size]).toEqual([[], [], 2]);
  queue.start(ctx);
  expect([done, rounds.length]).toEqual([['a', 'b'], 1]);
  queue.mark(['c']);
  queue.mark(['d', 'c']);
  expect(done).toEqual(['a', 'b']);
  await Promise.resolve();
  expect([done, rounds.length, queue.size]).toEqual([['a', 'b', 'c', 'd'], 2, 0]);
  expect(queued).toHaveBeenCalledTimes(3);
});

test('much work lets others in, and is one round', async () => {
  carryOut = (key) => {
    done.push(key);
    clock.step(4);
  };
  const began = clock.now();
  queue.mark(['a', 'b', 'c', 'd', 'e']);
  queue.start(ctx);
  expect([done, rounds]).toEqual([['a', 'b', 'c'], []]);
  await vi.waitFor(() => expect(done).toHaveLength(5), { interval: 1 });
  expect(rounds).toEqual([[began, began + 20]]);
});

test('what fails is tried again and keeps the others from nothing but being in sync', async () => {
  let isBroken = true;
  carryOut = (key) => {
    if (key === 'bad' && isBroken) throw new Error('cannot');
    done.push(key);
  };
  queue.mark(['bad', 'good']);
  queue.start(ctx);
  expect([done, rounds, queue.size]).toEqual([['good'], [], 1]);
  isBroken = false;
  clock.step(1_000);
  await vi.waitFor(() => expect(done).toEqual(['good', 'bad']), { interval: 1 });
  expect([rounds.length, queue.size]).toEqual([1, 0]);
});

test('a queue that was stopped does nothing, and what waited waits for the next start', async () => {
  queue.start(ctx);
  queue.mark(['a']);
  queue.stop();
  await Promise.resolve();
  expect([done, queue.size]).toEqual([[], 1]);
  queue.start(ctx);
  expect(done).toEqual(['a']);
});
