import { FakeClock } from '@binnacle/machinery-context';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../framework/cluster-event.js';
import { info, node, pod } from '../testing/builders.js';
import { prioritySort } from '../plugins/priority-sort/priority-sort.js';
import { podInfo } from '../pod/pod-info.js';
import { Heap } from './heap.js';
import { backoff, DEFAULT_BACKOFF, type QueuedPod } from './queued-pod.js';
import { LONGEST_WAIT_MILLISECONDS, type QueueRules, SchedulingQueue } from './scheduling-queue.js';

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

const nodeAdded: ClusterEvent = { resource: 'Node', action: 'Add', current: node('n') };
const namespace: ClusterEvent = { resource: 'Namespace', action: 'Add' };
let clock: FakeClock;
let queue: SchedulingQueue;
let came: string[];
/** Pods that a plugin keeps out, by name. */
let kept: Set<string>;

const rules: QueueRules = {
  before: (a, b) => prioritySort.less(a, b),
  backoff: DEFAULT_BACKOFF,
  gate: ({ name }) => (kept.has(name) ? 'Gate' : undefined),
  concerns: ({ resource }) => resource !== 'Namespace',
  hears: (_, plugin, event) => plugin === 'Gate' && event.action !== 'UpdatePodLabel',
  wakes: (event, { uid }, rejectedBy) => {
    if (event.resource === 'Node') return rejectedBy.has('Fit');
    return (
      rejectedBy.has('Gate') || (event.resource === 'Pod' && event.current?.uid === uid && event.action !== 'Update')
    );
  },
};

beforeEach(() => {
  clock = new FakeClock(0);
  [came, kept] = [[], new Set()];
  queue = new SchedulingQueue(clock, rules, { queued: (where, why) => came.push(`${where} ${why}`) });
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

  test.each([
    ['something that its plugins hope for', { app: 'x' }, 1],
    ['nothing that they look at', {}, 0],
  ])('is looked at again when it changes itself in %s', (_, labels, backingOff) => {
    const { pod: known } = taken.info;
    queue.set(podInfo({ ...known, metadata: { ...known.metadata, labels } }));
    expect(queue.sizes).toMatchObject({ backoff: backingOff, unschedulable: 1 - backingOff });
  });

  test('is tried again after its back-off, not before, when what it hoped for came to nothing', async () => {
    queue.retry(taken.info.uid);
    expect(queue.sizes).toMatchObject({ backoff: 1, unschedulable: 0 });
    const next = queue.take();
    expect(await Promise.race([next, Promise.resolve('waits')])).toBe('waits');
    clock.step(1000);
    expect((await next)?.info.name).toBe('p');
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

describe('a Pod that a plugin keeps out', () => {
  const gated = pod('p', { labels: { a: '1' } });
  beforeEach(() => {
    kept.add('p');
    queue.set(podInfo(gated));
  });

  test('waits, and is asked about again by the events its plugin hears', async () => {
    expect(queue.sizes).toEqual({ active: 0, backoff: 0, unschedulable: 0, gated: 1 });
    queue.happened(nodeAdded);
    expect(queue.sizes.gated).toBe(1);
    kept.clear();
    queue.set(podInfo({ ...gated, metadata: { ...gated.metadata, labels: { a: '2' } } }));
    expect(queue.sizes.gated).toBe(1);
    queue.set(podInfo({ ...gated, metadata: { ...gated.metadata, annotations: {} } }));
    queue.happened({ resource: 'Pod', action: 'Delete', old: info('x') });
    expect(await drain()).toEqual(['p']);
  });

  test('is let in as soon as its plugin says that it may be', async () => {
    queue.recheck('nobody');
    queue.recheck(gated.metadata.uid ?? '');
    expect(queue.sizes.gated).toBe(1);
    kept.clear();
    queue.recheck(gated.metadata.uid ?? '');
    expect(await drain()).toEqual(['p']);
  });

  test('is asked about again after five minutes', () => {
    kept.clear();
    clock.step(LONGEST_WAIT_MILLISECONDS);
    expect(queue.sizes.active).toBe(1);
    expect(came.at(-1)).toBe('active UnschedulableTimeout');
  });
});

describe('what happens while a Pod is in flight', () => {
  const other = (name: string) => ({ resource: 'Pod', action: 'Delete', old: info(name) }) as const;

  test.each<[string, ClusterEvent, ReadonlySet<string>, boolean]>([
    ['and would have woken it', nodeAdded, new Set(['Fit']), true],
    ['and would have woken others', nodeAdded, new Set(['Other']), false],
    ['and no plugin waits for', namespace, new Set(['Fit']), false],
  ])('%s counts: %s', async (_, event, rejectedBy, again) => {
    queue.set(info('p'));
    const taken = await take();
    queue.happened(event);
    queue.putUnschedulable(taken, rejectedBy);
    expect(queue.sizes).toMatchObject(again ? { backoff: 1, unschedulable: 0 } : { backoff: 0, unschedulable: 1 });
  });

  test('to itself counts too', async () => {
    const first = pod('p');
    queue.set(podInfo(first));
    const taken = await take();
    queue.set(podInfo({ ...first, metadata: { ...first.metadata, labels: { a: 'b' } } }));
    queue.putUnschedulable(taken, new Set(['Other']));
    expect(queue.sizes.backoff).toBe(1);
  });

  test('does not count before it was taken, or after it is past refusal', async () => {
    queue.set(info('q'));
    const [early] = [await take()];
    queue.happened(nodeAdded);
    queue.set(info('p'));
    const late = await take();
    queue.putUnschedulable(late, new Set(['Fit']));
    queue.done(early);
    queue.putUnschedulable(early, new Set(['Fit']));
    expect(queue.sizes.unschedulable).toBe(2);
  });

  test('is not kept for ever: then it is tried again whatever it was', async () => {
    queue.set(info('p'));
    const taken = await take();
    for (let i = 0; i < 10_001; i += 1) queue.happened(other('x'));
    queue.putUnschedulable(taken, new Set(['Other']));
    expect(queue.sizes.backoff).toBe(1);
  });
});

test('an event may be for some Pods only', async () => {
  for (const name of ['low', 'high']) {
    queue.set(info(name, { priority: name === 'low' ? 1 : 9 }));
    queue.putUnschedulable(await take(), new Set(['Fit']));
  }
  queue.happened(nodeAdded, ({ priority }) => priority < 5);
  expect((await take()).info.name).toBe('low');
  expect(queue.sizes.unschedulable).toBe(1);
});

test('a pause is as long as the configuration says', () => {
  const limits = { first: 500, longest: 3000 };
  expect([0, 1, 2, 3, 4].map((failures) => backoff(failures, limits))).toEqual([0, 500, 1000, 2000, 3000]);
});

test('why Pods came where is told', async () => {
  queue.set(info('p'));
  queue.putUnschedulable(await take(), new Set(['Fit']));
  queue.happened(nodeAdded);
  clock.step(1000);
  expect(came).toEqual([
    'active UnscheduledPodAdd',
    'unschedulable ScheduleAttemptFailure',
    'backoff NodeAdd',
    'active BackoffComplete',
  ]);
  expect((await take()).why).toBe('BackoffComplete');
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

test('what is said of a Pod that waits for anything wakes it no more than it would let it be scheduled', async () => {
  const waiting = pod('p');
  queue.set(podInfo(waiting));
  const taken = await queue.take();
  if (!taken) throw new Error('nobody came');
  queue.putUnschedulable(taken, new Set());
  queue.set(podInfo({ ...waiting, status: { conditions: [{ type: 'PodScheduled', status: 'False' }] } }));
  expect(queue.sizes).toMatchObject({ unschedulable: 1 });
  queue.set(podInfo({ ...waiting, metadata: { ...waiting.metadata, annotations: { a: 'b' } } }));
  expect(queue.sizes).toMatchObject({ unschedulable: 0, backoff: 1 });
});
