import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, expect, test } from 'vitest';
import { info } from '../testing/builders.js';
import { WaitingPod } from './waiting-pods.js';

let clock: FakeClock;
let waiting: WaitingPod;

beforeEach(() => {
  clock = new FakeClock();
  waiting = new WaitingPod(
    info('p'),
    'n',
    new Map([
      ['A', 1000],
      ['B', 90_000],
    ]),
    clock,
  );
});

test('a Pod is allowed when all have allowed it', async () => {
  waiting.allow('A');
  expect(waiting.pendingPlugins).toEqual(['B']);
  waiting.allow('B');
  expect(await waiting.settled).toBeUndefined();
  expect([clock.pending, waiting.reject('A', 'late')]).toEqual([0, false]);
});

test('one that rejects it ends the wait', async () => {
  expect(waiting.reject('B', 'no')).toBe(true);
  expect(await waiting.settled).toEqual({ plugin: 'B', message: 'no', preempted: false });
  expect(clock.pending).toBe(0);
});

test.each([
  [1000, 'A', 'rejected due to timeout after waiting 1s at plugin A'],
  [90_000, 'B', 'rejected due to timeout after waiting 1m30s at plugin B'],
])('it is rejected after %i ms', async (milliseconds, plugin, message) => {
  if (plugin === 'B') waiting.allow('A');
  clock.step(milliseconds - 1);
  expect(clock.pending).toBeGreaterThan(0);
  clock.step(1);
  expect(await waiting.settled).toEqual({ plugin, message, preempted: false });
});

test('nobody may keep it for longer than a quarter of an hour', async () => {
  const patient = new WaitingPod(info('p'), 'n', new Map([['A', 10 ** 9]]), clock);
  clock.step(15 * 60 * 1000);
  expect(await patient.settled).toMatchObject({ message: 'rejected due to timeout after waiting 15m0s at plugin A' });
});
