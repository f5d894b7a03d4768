import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod, ReplicationController, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';
import type { Writer } from '@binnacle/client-rest';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { type KubeObject, newConflict, newNotFound } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { nodeResourcesFit } from '../plugins/node-resources/fit.js';
import { cluster, info, node, pod } from '../testing/builders.js';
import { defaultSelector } from './default-selector.js';
import { isFinished, isPlaced, isWaiting } from './placed-pods.js';
import { reportUnscheduled } from './pod-condition.js';
import { Preemptor } from './preemptor.js';
import { findNodes } from '../engine/find-nodes.js';

const AT = Date.UTC(2026, 0, 1);
const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(AT), logger: silentLogger };
const missing = newNotFound({ group: '', resource: 'pods' }, 'p');

let written: string[];
let refuse: (call: string) => Error | undefined;
const pods = {
  patch: (_ctx: unknown, key: { name: string }, type: string, body: unknown, subresource?: string) =>
    call(`patch ${key.name} ${type} ${subresource ?? ''} ${JSON.stringify(body)}`),
  delete: (_ctx: unknown, key: { name: string }, options: unknown) =>
    call(`delete ${key.name} ${JSON.stringify(options)}`),
} as unknown as Pick<Writer<Pod>, 'patch' | 'delete'>;

async function call(text: string): Promise<undefined> {
  const error = refuse(text);
  if (error) throw error;
  written.push(text);
}

beforeEach(() => {
  written = [];
  refuse = () => undefined;
});

describe('that a Pod was not placed', () => {
  const condition = (more: object) => ({
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: 'm',
    ...more,
  });
  const withCondition = (more: object, generation?: number) => {
    const made = info('p');
    const metadata = { ...made.pod.metadata, ...(generation && { generation }) };
    return { ...made, pod: { ...made.pod, metadata, status: { conditions: [condition(more)] } } };
  };
  const sent = () =>
    (JSON.parse(written[0]?.slice(written[0].indexOf('{')) ?? '{}') as { status: { conditions: object[] } }).status
      .conditions[0];

  test('is written once', async () => {
    await reportUnscheduled(ctx, pods, info('p'), 'Unschedulable', 'm');
    expect(sent()).toEqual({ ...condition({}), lastTransitionTime: '2026-01-01T00:00:00Z' });
    await reportUnscheduled(ctx, pods, withCondition({}), 'Unschedulable', 'm');
    expect(written).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['for another reason', { reason: 'SchedulerError' }],
    ['in other words', { message: 'other' }],
  ])('%s keeps the time since when it is so', async (_, more) => {
    await reportUnscheduled(ctx, pods, withCondition({ ...more, lastTransitionTime: 't0' }, 3), 'Unschedulable', 'm');
    expect(sent()).toEqual({ ...condition({}), lastTransitionTime: 't0', observedGeneration: 3 });
  });

  test('after it had been has the time of now', async () => {
    await reportUnscheduled(
      ctx,
      pods,
      withCondition({ status: 'True', lastTransitionTime: 't0' }),
      'Unschedulable',
      'm',
    );
    expect(sent()).toMatchObject({ lastTransitionTime: '2026-01-01T00:00:00Z' });
  });

  test('and is gone meanwhile is no failure; everything else is', async () => {
    refuse = () => missing;
    await reportUnscheduled(ctx, pods, info('p'), 'Unschedulable', 'm');
    refuse = () => newConflict({ group: '', resource: 'pods' }, 'p');
    await expect(reportUnscheduled(ctx, pods, info('p'), 'Unschedulable', 'm')).rejects.toThrow('modified');
  });
});

describe('room is made', () => {
  const low = info('low', { cpu: '2', priority: 1 });
  const high = info('high', { cpu: '2', priority: 9 });
  const preempt = (placed = low, pod_ = high) => {
    const cache = cluster([node('n', { cpu: '2' })], { n: [placed] });
    const filters = [nodeResourcesFit];
    const retried: string[] = [];
    const events: string[] = [];
    const preemptor = new Preemptor(
      { cluster: cache, filters, budgetsOf: () => [] },
      pods,
      { event: (about, _type, reason, message) => events.push(`${about.metadata.name} ${reason} ${message}`) },
      { schedulerName: 's', retry: ({ name }) => retried.push(name) },
    );
    const said = preemptor.attempt(ctx, pod_, findNodes(pod_, cache, filters).rejections);
    return { cache, retried, events, said };
  };

  test('by telling the victim why, then deleting exactly it, then promising the node', async () => {
    const { cache, events, said } = preempt();
    expect([said, cache.nominations.nodeOf(high.uid)]).toEqual(['', 'n']);
    await expect.poll(() => written.length).toBe(3);
    expect(written[0]).toMatch(/^patch low strategic status .*"DisruptionTarget".*"PreemptionByScheduler"/);
    expect(written[1]).toBe(`delete low {"preconditions":{"uid":"${low.uid}"}}`);
    expect(written[2]).toBe('patch high strategic status {"status":{"nominatedNodeName":"n"}}');
    expect(events).toEqual([`low Preempted Preempted by pod ${high.uid} on node n`]);
  });

  test('where the victim is gone already', async () => {
    refuse = (text) => (text.includes('low') ? missing : undefined);
    preempt();
    await expect.poll(() => written).toEqual(['patch high strategic status {"status":{"nominatedNodeName":"n"}}']);
  });

  test('not at all where deleting fails: the promise is taken back and the Pod tries again', async () => {
    refuse = (text) => (text.startsWith('delete') ? newConflict({ group: '', resource: 'pods' }, 'low') : undefined);
    const { cache, retried } = preempt();
    await expect.poll(() => retried).toEqual(['high']);
    expect(cache.nominations.isEmpty).toBe(true);
  });

  test('and a promise that came to nothing is withdrawn from the Pod too', async () => {
    const cache = cluster([node('n', { cpu: '1' })]);
    cache.nominations.set(high, 'n');
    const view = { cluster: cache, filters: [nodeResourcesFit], budgetsOf: () => [] };
    const preemptor = new Preemptor(
      view,
      pods,
      { event: () => undefined },
      { schedulerName: 's', retry: () => undefined },
    );
    const said = preemptor.attempt(ctx, high, findNodes(high, cache, view.filters).rejections);
    expect(said).toBe('0/1 nodes are available: 1 Preemption is not helpful for scheduling.');
    await expect.poll(() => written).toEqual(['patch high strategic status {"status":{"nominatedNodeName":null}}']);
    expect(cache.nominations.isEmpty).toBe(true);
  });
});

describe('a Pod without constraints is spread among', () => {
  const lister = <T extends KubeObject>(objects: readonly T[]): Lister<T> => ({
    get: (key) => objects.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key),
    list: (namespace) => objects.filter(({ metadata }) => metadata.namespace === namespace),
    byIndex: () => [],
  });
  const service = (name: string, selector: Record<string, string> | undefined, namespace = 'default') =>
    ({ metadata: { name, namespace }, spec: { selector } }) as unknown as Service;
  const selectorOf = defaultSelector({
    services: lister([
      service('web', { app: 'web' }),
      service('tier', { tier: 'front' }),
      service('none', {}),
      service('bare', undefined),
      service('far', { app: 'web' }, 'other'),
    ]),
    replicaSets: lister([
      {
        metadata: { name: 'rs', namespace: 'default' },
        spec: { selector: { matchLabels: { hash: '1' }, matchExpressions: [{ key: 'x', operator: 'Exists' }] } },
      } as unknown as ReplicaSet,
    ]),
    replicationControllers: lister([
      {
        metadata: { name: 'rc', namespace: 'default' },
        spec: { selector: { run: 'rc' } },
      } as unknown as ReplicationController,
    ]),
  });
  const owned = (kind: string, name: string) => ({
    uid: 'u',
    name: 'p',
    namespace: 'default',
    ownerReferences: [{ apiVersion: 'v1', kind, name, uid: 'o', controller: true }],
  });

  test.each<[string, Parameters<typeof info>[1], object | undefined]>([
    ['nothing, where nobody selects it', { labels: { app: 'x' } }, undefined],
    ['the Pods of its Service', { labels: { app: 'web' } }, { matchLabels: { app: 'web' } }],
    [
      'the Pods of all its Services together',
      { labels: { app: 'web', tier: 'front' } },
      { matchLabels: { app: 'web', tier: 'front' } },
    ],
    [
      'the Pods of its ReplicaSet',
      { metadata: owned('ReplicaSet', 'rs') },
      { matchLabels: { hash: '1' }, matchExpressions: [{ key: 'x', operator: 'Exists' }] },
    ],
    [
      'the Pods of its ReplicationController',
      { metadata: owned('ReplicationController', 'rc') },
      { matchLabels: { run: 'rc' } },
    ],
    ['nothing, where its owner is not known', { metadata: owned('ReplicaSet', 'gone') }, undefined],
    ['nothing, where its owner is of another kind', { metadata: owned('Job', 'rs') }, undefined],
  ])('%s', (_, parts, selector) => expect(selectorOf(info('p', parts))).toEqual(selector));
});

test.each<[string, Partial<Pod>, [finished: boolean, placed: boolean, waiting: boolean]]>([
  ['new', {}, [false, false, true]],
  ['on a node', { spec: { containers: [], nodeName: 'n' } }, [false, true, false]],
  [
    'done, on a node',
    { spec: { containers: [], nodeName: 'n' }, status: { phase: 'Succeeded' } },
    [true, false, false],
  ],
  ['failed without a node', { status: { phase: 'Failed' } }, [true, false, false]],
  ['of another scheduler', { spec: { containers: [], schedulerName: 'x' } }, [false, false, false]],
])('a Pod that is %s', (_, more, expected) => {
  const one = { ...pod('p'), ...more };
  expect([isFinished(one), isPlaced(one), isWaiting(one, 'default-scheduler')]).toEqual(expected);
});
