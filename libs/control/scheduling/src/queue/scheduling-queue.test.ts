import { FakeClock } from '@binnacle/machinery-context';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../framework/cluster-event.js';
import { info, node, pod } from '../testing/builders.js';
import { podInfo } from '../pod/pod-info.js';
import { Heap } from './heap.js';
import { backoff, LONGEST_WAIT_MILLISECONDS, type QueuedPod, SchedulingQueue } from './scheduling-queue.js';

test('a heap gives what is left in order, whatever was pushed and dropped', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ value: fc.integer(), drop: fc.boolean() })), (items) => {
      const heap = new Heap<{ value: number; drop: boolean }>((a, b) => a.value < b.value);
      for (const item of items) heap.push(item);
      for (const item of items) if (item.drop) expect(heap.delete(item)).toBe(true);
      const left = items.filter(({ drop }) => !drop).map(({ value }) => value);
      const popped = Array.from({ length: heap.size }, () => heap.pop()?.value);
      expect(popped).toEqual(left.sort((a, b) => a - b));
    }),
  );
});

const changes = { allocatable: true, labels: true, taints: true, features: true };
const nodeAdded: ClusterEvent = { kind: 'node', node: node('n'), changes, added: true };
const namespace: ClusterEvent = { kind: 'namespace' };
let clock: FakeClock;
let queue: SchedulingQueue;

beforeEach(() => {
  clock = new FakeClock(0);
  queue = new SchedulingQueue(clock, {
    gate: ({ pod: { spec } }) => (spec?.schedulingGates?.length ? 'gated' : undefined),
    wakes: (event, _, rejectedBy) => event.kind === 'node' && rejectedBy.has('Fit'),
  });
});

/** What can be taken now, by name. */
async function drain(): Promise<string[]> {
  const names: string[] = [];
  while (queue.sizes.active > 0) names.push((await take()).info.name);
  return names;
}

async function take(): Promise<QueuedPod> {
  const taken = await queue.take();
  if (!taken) throw new Error('the queue is closed');
  return taken;
}

test('higher priority first, then who came first', async () => {
  queue.set(info('late'));
  clock.step(1);
  queue.set(info('later'));
  queue.set(info('urgent', { priority: 10 }));
  expect(await drain()).toEqual(['urgent', 'late', 'later']);
});

test('a waiting taker is given the next Pod', async () => {
  const taken = queue.take();
  queue.set(info('p'));
  expect((await taken)?.info.name).toBe('p');
});

test('close ends the waiting', async () => {
  const taken = queue.take();
  queue.close();
  expect(await taken).toBeUndefined();
});

describe('a Pod that no node could take', () => {
  let taken: QueuedPod;
  beforeEach(async () => {
    queue.set(info('p'));
    taken = await take();
    queue.putUnschedulable(taken, new Set(['Fit']));
  });

  test('waits for an event that its plugins hope for', () => {
    queue.happened(namespace);
    expect(queue.sizes).toMatchObject({ active: 0, backoff: 0, unschedulable: 1 });
    queue.happened(nodeAdded);
    expect(queue.sizes).toMatchObject({ backoff: 1, unschedulable: 0 });
    clock.step(2000);
    queue.putUnschedulable(taken, new Set(['Fit']));
  });

  test('is tried again early when there is nothing else to do', async () => {
    queue.happened(nodeAdded);
    expect((await take()).info.name).toBe('p');
  });

  test('is active at once when its back-off is over', () => {
    clock.step(1000);
    queue.happened(nodeAdded);
    expect(queue.sizes.active).toBe(1);
  });

  test('is looked at again after five minutes, whatever the hints say', () => {
    clock.step(LONGEST_WAIT_MILLISECONDS + 1000);
    expect(queue.sizes.active).toBe(1);
  });

  test('is looked at again when it changes itself', async () => {
    queue.set(taken.info);
    expect(await drain()).toEqual(['p']);
  });

  test('is tried again after its back-off when what it hoped for came to nothing', () => {
    queue.retry(taken.info.uid);
    expect(queue.sizes).toMatchObject({ backoff: 1, unschedulable: 0 });
    clock.step(1000);
    expect(queue.sizes.active).toBe(1);
  });

  test('is forgotten when it is deleted', () => {
    queue.delete(taken.info.uid);
    queue.happened(nodeAdded);
    clock.step(LONGEST_WAIT_MILLISECONDS * 2);
    expect(queue.sizes).toEqual({ active: 0, backoff: 0, unschedulable: 0, gated: 0 });
  });
});

test('a failure that is not the nodes’ is waited out, longer each time', async () => {
  queue.set(info('p'));
  for (const pause of [1000, 2000, 4000, 8000, 10_000, 10_000]) {
    queue.putBack(await take());
    clock.step(pause - 1);
    expect(queue.sizes.active).toBe(0);
    clock.step(1);
    expect(queue.sizes.active).toBe(1);
  }
  expect(backoff(50)).toBe(10_000);
});

test('a Pod in flight is not handed out twice', async () => {
  const one = info('p');
  queue.set(one);
  const taken = await take();
  queue.set(one);
  expect(queue.sizes.active).toBe(0);
  queue.delete(one.uid);
  queue.putBack(taken);
  expect(queue.sizes.backoff).toBe(0);
});

test('a gated Pod waits for its gates, not for events', async () => {
  const gated = pod('p', { spec: { schedulingGates: [{ name: 'g' }] } });
  queue.set(podInfo(gated));
  queue.happened(nodeAdded);
  expect(queue.sizes).toMatchObject({ active: 0, gated: 1 });
  queue.set(podInfo({ ...gated, spec: { containers: [], schedulingGates: [] } }));
  expect(await drain()).toEqual(['p']);
});

test('of those that rest until the same second the more important goes first', async () => {
  for (const [name, priority] of [
    ['low', 1],
    ['high', 9],
  ] as const) {
    queue.set(info(name, { priority }));
    const taken = await take();
    clock.step(100);
    queue.putUnschedulable(taken, new Set(['Fit']));
  }
  queue.happened(nodeAdded);
  expect([await take(), await take()].map((taken) => taken.info.name)).toEqual(['high', 'low']);
});
