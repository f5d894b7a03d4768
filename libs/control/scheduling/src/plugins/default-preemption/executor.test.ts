import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Writer } from '@binnacle/client-rest';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newConflict, newNotFound } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { findNodes } from '../../engine/find-nodes.js';
import type { SharedState } from '../../framework/handle.js';
import { WaitingPod } from '../../framework/waiting-pods.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { podInfo } from '../../pod/pod-info.js';
import { cluster, info, node } from '../../testing/builders.js';
import { defaultArgs, fit } from '../../testing/default-plugins.js';
import { sharedState } from '../../testing/shared-state.js';
import { DefaultPreemption } from './default-preemption.js';
import { PreemptionExecutor } from './executor.js';

const clock = new FakeClock();
const ctx: Context = { signal: new AbortController().signal, clock, logger: silentLogger };
const resource = { group: '', resource: 'pods' };

let written: string[];
let refuse: (call: string) => Error | undefined;
let events: string[];
let after: string[];
let counted: number[];
/** Whether the watch tells at once who was deleted. */
let isSeen: boolean;
let shared: SharedState;
let plugin: DefaultPreemption;

async function call(text: string): Promise<undefined> {
  const error = refuse(text);
  if (error) throw error;
  written.push(text);
}
const pods = {
  patch: (_: unknown, key: { name: string }, type: string, body: unknown, subresource?: string) =>
    call(`patch ${key.name} ${type} ${subresource ?? ''} ${JSON.stringify(body)}`),
  delete: async (_: unknown, key: { name: string }, options: { preconditions: { uid: string } }) => {
    await call(`delete ${key.name} ${JSON.stringify(options)}`);
    if (isSeen) shared.cluster.remove(options.preconditions.uid);
  },
} as unknown as Pick<Writer<Pod>, 'patch' | 'delete'>;

const low = info('low', { cpu: '2', priority: 1 });
const high = info('high', { cpu: '2', priority: 9 });

beforeEach(() => {
  [written, events, after, counted] = [[], [], [], []];
  refuse = () => undefined;
  isSeen = true;
});

function setUp(placed: readonly PodInfo[], cpu = '2'): void {
  const cache = cluster([node('n', { cpu })], { n: placed });
  shared = sharedState(cache, { preempted: (victims) => counted.push(victims) });
  const executor = new PreemptionExecutor(pods, {
    profileName: 's',
    recorder: { event: (about, _type, reason, message) => events.push(`${about.metadata.name} ${reason} ${message}`) },
    shared,
    retry: (uid) => after.push(`retry ${uid}`),
    recheck: (uid) => after.push(`recheck ${uid}`),
  });
  const view = () => ({ cluster: cache, filters: [fit], budgetsOf: () => [] });
  plugin = new DefaultPreemption(defaultArgs.DefaultPreemption, view, executor, shared.instruments);
}

function preempt(pod = high) {
  return plugin.postFilter(ctx, pod, findNodes(pod, shared.cluster, [fit]).rejections);
}
const done = () => expect.poll(() => after.length).toBe(1);
const going = (one: PodInfo, reason = 'PreemptionByScheduler'): PodInfo =>
  podInfo({
    ...one.pod,
    metadata: { ...one.pod.metadata, deletionTimestamp: 'now' },
    status: { conditions: [{ type: 'DisruptionTarget', status: 'True', reason }] },
  });

describe('room is made', () => {
  test('by telling the victim why, then deleting exactly it', async () => {
    setUp([low]);
    expect(preempt()).toEqual({ nominated: 'n', helped: true, reasons: [], victims: ['default/low'] });
    await done();
    expect(written[0]).toMatch(/^patch low strategic status .*"DisruptionTarget".*"PreemptionByScheduler"/);
    expect(written.slice(1)).toEqual([`delete low {"preconditions":{"uid":"${low.uid}"}}`]);
    expect(events).toEqual([`low Preempted Preempted by pod ${high.uid} on node n`]);
    expect([counted, after]).toEqual([[1], [`recheck ${high.uid}`]]);
  });

  test('while the Pod is kept out of the queue, until the last victim is on its way', async () => {
    const [a, b] = [info('a', { cpu: '1', priority: 2 }), info('b', { cpu: '1', priority: 1 })];
    setUp([a, b]);
    const seen: boolean[] = [];
    refuse = (text) => {
      if (text.startsWith('delete')) {
        seen.push(plugin.preEnqueue(high) !== undefined);
        const victim = text.startsWith('delete a') ? a : b;
        shared.cluster.confirm(going(victim), 'n');
        seen.push(plugin.preEnqueue(high) !== undefined);
      }
      return undefined;
    };
    preempt();
    expect(plugin.preEnqueue(high)).toBe('waiting for the preemption for this pod to be finished');
    await done();
    expect(seen).toEqual([true, true, true, false]);
    expect(plugin.preEnqueue(high)).toBeUndefined();
  });

  test('and the Pod waits until it is seen, lest others are ended as well', async () => {
    setUp([low]);
    isSeen = false;
    preempt();
    await expect.poll(() => events.length).toBe(1);
    expect([plugin.preEnqueue(high) !== undefined, after]).toEqual([true, []]);
    shared.cluster.remove(low.uid);
    expect(plugin.preEnqueue(high)).toBeUndefined();
  });

  test('where the victim is gone already', async () => {
    setUp([low]);
    refuse = (text) => (text.includes('low') ? newNotFound(resource, 'low') : undefined);
    preempt();
    await done();
    expect([written, events, after]).toEqual([[], [], [`recheck ${high.uid}`]]);
  });

  test('not at all where deleting fails: the Pod tries again', async () => {
    setUp([low]);
    refuse = (text) => (text.startsWith('delete') ? newConflict(resource, 'low') : undefined);
    preempt();
    await done();
    expect(after).toEqual([`retry ${high.uid}`]);
    expect(plugin.preEnqueue(high)).toBeUndefined();
  });

  test('without ending anybody twice', () => {
    setUp([going(low, 'Other')]);
    expect(preempt()).toMatchObject({ nominated: 'n', helped: true });
    expect([plugin.preEnqueue(high), written]).toEqual([undefined, []]);
  });

  test('from others of lower priority that were promised the node', async () => {
    setUp([low]);
    for (const [name, priority] of [['junior', 5] as const, ['senior', 10] as const]) {
      shared.cluster.nominations.set(info(name, { priority, cpu: '0' }), 'n');
    }
    preempt();
    await done();
    expect(written[0]).toBe('patch junior strategic status {"status":{"nominatedNodeName":null}}');
    expect(written.some((text) => text.includes('senior'))).toBe(false);
  });

  test('from one that waits for permission without touching it: it goes back into the queue', async () => {
    setUp([low]);
    const waiting = new WaitingPod(low, 'n', new Map([['Gang', 1000]]), clock);
    shared.waitingPods.set(low.uid, waiting);
    preempt();
    expect(await waiting.settled).toEqual({ plugin: 'DefaultPreemption', message: 'preempted', preempted: true });
    await done();
    expect(written).toEqual([]);
    expect(events).toEqual([`low Preempted Preempted by pod ${high.uid} on node n (in kube-scheduler memory).`]);
  });

  test.each([
    [true, 0],
    [false, 2],
  ])('from one that is being prepared, as long as that can be stopped: %s', async (stops, calls) => {
    setUp([low]);
    shared.preBinding.set(low.uid, () => stops);
    preempt();
    await done();
    expect(written).toHaveLength(calls);
  });
});

describe('no room is made', () => {
  test('for a Pod that may not preempt', () => {
    setUp([low]);
    const never = info('never', { cpu: '2', priority: 9, spec: { preemptionPolicy: 'Never' } });
    expect(preempt(never)).toEqual({
      helped: false,
      reasons: ['preemption: not eligible due to preemptionPolicy=Never.'],
    });
  });

  test('for one whose victims are still on their way', () => {
    setUp([going(low)]);
    shared.cluster.nominations.set(high, 'n');
    const reasons = ['preemption: not eligible due to a terminating pod on the nominated node.'];
    expect(preempt()).toEqual({ helped: false, reasons });
  });

  test.each<[string, PodInfo, string]>([
    ['that end for other reasons', going(low, 'EvictionByEvictionAPI'), '2'],
    ['that cannot let it in any more', going(low), '1'],
  ])('but others may be looked for where those end %s', (_, victim, cpu) => {
    setUp([victim], cpu);
    shared.cluster.nominations.set(high, 'n');
    expect(preempt().reasons.join()).not.toContain('terminating');
  });

  test('where that would not help, and what was promised is taken back', () => {
    setUp([], '1');
    const reasons = ['preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'];
    expect(preempt()).toEqual({ helped: false, nominated: null, reasons });
  });
});
