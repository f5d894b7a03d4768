import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Writer } from '@binnacle/client-rest';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { beforeEach, expect, test } from 'vitest';
import { ClusterCache } from '../cache/cluster-cache.js';
import { podInfo } from '../pod/pod-info.js';
import { DEFAULT_BACKOFF, type QueuedPod } from '../queue/queued-pod.js';
import { SchedulingQueue } from '../queue/scheduling-queue.js';
import { info } from '../testing/builders.js';
import { errorOf, type Failure, Failures } from './failures.js';

let cache: ClusterCache;
let queue: SchedulingQueue;
let failures: Failures;
let written: unknown[];
let events: string[];
let queued: QueuedPod;
const clock = new FakeClock();
const ctx: Context = { signal: new AbortController().signal, clock, logger: silentLogger };
const recorder = {
  event: (_: unknown, type: string, reason: string, message: string) =>
    void events.push(`${type} ${reason} ${message}`),
};
const refused: Failure = { reason: 'Unschedulable', message: 'm', rejectedBy: new Set(['A']), nominated: undefined };

beforeEach(async () => {
  [written, events] = [[], []];
  cache = new ClusterCache();
  const rules = {
    before: () => true,
    backoff: DEFAULT_BACKOFF,
    gate: () => undefined,
    concerns: () => true,
    hears: () => true,
    wakes: () => false,
  };
  queue = new SchedulingQueue(clock, rules, { queued: () => undefined });
  const patch = async (...args: unknown[]) => void written.push(args[3]);
  failures = new Failures({ cache, queue, pods: { patch } as unknown as Pick<Writer<Pod>, 'patch'> });
  queue.set(info('p'));
  queued = (await queue.take()) as QueuedPod;
});

const handle = (failure: Failure) => failures.handle(ctx, queued, failure, recorder);

test.each<[string, Failure, object]>([
  ['no node could take waits for events', refused, { unschedulable: 1, backoff: 0 }],
  ['something else befell rests', errorOf(new Error('m')), { unschedulable: 0, backoff: 1 }],
])('a Pod that %s, and is told why', async (_, failure, sizes) => {
  handle(failure);
  expect(queue.sizes).toMatchObject(sizes);
  expect(events).toEqual(['Warning FailedScheduling m']);
  await expect
    .poll(() => written)
    .toMatchObject([{ status: { conditions: [{ reason: failure.reason, message: 'm' }] } }]);
});

test('one that has gone meanwhile, or was bound, is let go', () => {
  queue.delete(queued.info.uid);
  handle(refused);
  expect([events, written, queue.sizes.unschedulable]).toEqual([[], [], 0]);
});

test('what it is promised is kept from others at once, before anybody has written it', () => {
  handle({ ...refused, nominated: 'n' });
  expect(cache.nominations.nodeOf(queued.info.uid)).toBe('n');
});

test.each([
  [undefined, 'known'],
  [null, undefined],
])('a promise that %s says something of is %s', (nominated, expected) => {
  const { pod } = queued.info;
  queued.info = podInfo({ ...pod, status: { nominatedNodeName: 'known' } });
  cache.nominations.set(queued.info, 'known');
  handle({ ...refused, nominated });
  expect(cache.nominations.nodeOf(queued.info.uid)).toBe(expected);
});

test('an Event holds no more than it may', () => {
  handle({ ...refused, message: 'x'.repeat(2000) });
  expect(events[0]?.slice('Warning FailedScheduling '.length)).toHaveLength(1024);
  expect(events[0]?.endsWith('x ...')).toBe(true);
});
