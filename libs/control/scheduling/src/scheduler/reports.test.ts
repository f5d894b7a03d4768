import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod, ReplicationController, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';
import type { Writer } from '@binnacle/client-rest';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { type KubeObject, newConflict, newNotFound } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { defaultSelector } from '../plugins/pod-topology-spread/default-selector.js';
import { info, pod } from '../testing/builders.js';
import { isFinished, isPlaced, isWaiting } from './placed-pods.js';
import { nominate, reportUnscheduled, type UnscheduledStatus } from './pod-status.js';

const AT = Date.UTC(2026, 0, 1);
const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(AT), logger: silentLogger };
const missing = newNotFound({ group: '', resource: 'pods' }, 'p');

let written: string[];
let refuse: (call: string) => Error | undefined;
const pods = {
  patch: (_ctx: unknown, key: { name: string }, type: string, body: unknown, subresource?: string) =>
    call(`patch ${key.name} ${type} ${subresource ?? ''} ${JSON.stringify(body)}`),
} as unknown as Pick<Writer<Pod>, 'patch'>;
const unschedulable: UnscheduledStatus = { reason: 'Unschedulable', message: 'm', nominated: undefined };

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
    await reportUnscheduled(ctx, pods, info('p'), unschedulable);
    expect(sent()).toEqual({ ...condition({}), lastTransitionTime: '2026-01-01T00:00:00Z' });
    await reportUnscheduled(ctx, pods, withCondition({}), unschedulable);
    expect(written).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['for another reason', { reason: 'SchedulerError' }],
    ['in other words', { message: 'other' }],
  ])('%s keeps the time since when it is so', async (_, more) => {
    await reportUnscheduled(ctx, pods, withCondition({ ...more, lastTransitionTime: 't0' }, 3), unschedulable);
    expect(sent()).toEqual({ ...condition({}), lastTransitionTime: 't0', observedGeneration: 3 });
  });

  test('after it had been has the time of now', async () => {
    await reportUnscheduled(ctx, pods, withCondition({ status: 'True', lastTransitionTime: 't0' }), unschedulable);
    expect(sent()).toMatchObject({ lastTransitionTime: '2026-01-01T00:00:00Z' });
  });

  test.each<[string, string | undefined, Partial<UnscheduledStatus>, object | undefined]>([
    ['is promised a node', undefined, { nominated: 'n' }, { nominatedNodeName: 'n' }],
    ['has been promised it already', 'n', { nominated: 'n' }, undefined],
    ['is promised nothing any more', 'n', { nominated: null }, { nominatedNodeName: null }],
    ['was never promised anything', undefined, { nominated: null }, undefined],
    ['was told so a moment ago', undefined, { nominated: null, nominatedBefore: 'n' }, { nominatedNodeName: null }],
    ['keeps what it was promised', 'n', {}, undefined],
  ])('and %s', async (_, nominatedNodeName, told, expected) => {
    const known = withCondition({});
    const before = { ...known, pod: { ...known.pod, status: { ...known.pod.status, nominatedNodeName } } };
    await reportUnscheduled(ctx, pods, before, { ...unschedulable, ...told });
    const text = expected && `patch p strategic status ${JSON.stringify({ status: expected })}`;
    expect(written).toEqual(text ? [text] : []);
  });

  test('or where it is going is told once', async () => {
    await nominate(ctx, pods, info('p'), 'n');
    const known = info('p');
    await nominate(ctx, pods, { ...known, pod: { ...known.pod, status: { nominatedNodeName: 'n' } } }, 'n');
    expect(written).toEqual(['patch p strategic status {"status":{"nominatedNodeName":"n"}}']);
  });

  test('and is gone meanwhile is no failure; everything else is', async () => {
    refuse = () => missing;
    await reportUnscheduled(ctx, pods, info('p'), unschedulable);
    refuse = () => newConflict({ group: '', resource: 'pods' }, 'p');
    await expect(reportUnscheduled(ctx, pods, info('p'), unschedulable)).rejects.toThrow('modified');
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
  expect([isFinished(one), isPlaced(one), isWaiting(one, new Set(['default-scheduler']))]).toEqual(expected);
});
