import type { Event, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder, forEachBounded } from '@binnacle/client-controller';
import { createKubeClient } from '@binnacle/client-rest';
import { type Clock, type Context, silentLogger } from '@binnacle/machinery-context';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { node, type NodeParts, pod, type PodParts } from '../testing/builders.js';
import { runScheduler } from './create-scheduler.js';

let server: TestApiServer;
let running: Promise<void>;
const abort = new AbortController();
const clock: Clock = {
  now: () => Date.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};
const ctx: Context = { clock, logger: silentLogger, signal: abort.signal };

beforeAll(async () => {
  server = await startTestApiServer({ disableAdmission: ['ServiceAccount', 'TaintNodesByCondition'] });
  const client = createKubeClient(await server.configFor('system:kube-scheduler'));
  running = runScheduler(ctx, client, (component) => createEventRecorder(ctx, client, { component }));
  running.catch(() => undefined);
});

afterAll(async () => {
  abort.abort(new Error('the test is over'));
  await running.catch(() => undefined);
  await server.close();
});

const nodes = () => server.client.resource<Node>(refs.nodes);
const pods = () => server.client.resource<Pod>(refs.pods);
const events = () => server.client.resource<Event>(refs.events);
const eventually = (read: () => unknown) => expect.poll(read, { interval: 20, timeout: 30_000 });

async function addNode(name: string, parts: NodeParts = {}): Promise<void> {
  const made = await nodes().create(ctx, node(name, parts));
  await nodes().updateStatus(ctx, { ...made, status: node(name, parts).status });
}

async function addPod(name: string, parts: PodParts = {}): Promise<void> {
  const { uid: _, ...metadata } = pod(name, parts).metadata;
  await pods().create(ctx, { ...pod(name, parts), metadata });
}

const get = (name: string) => pods().get(ctx, { name, namespace: 'default' });
const nodeOf = async (name: string) => (await get(name)).spec?.nodeName;

async function messages(about: string, reason: string): Promise<string[]> {
  const { items } = await events().list(ctx, { namespace: 'default' });
  const found = items.filter((event) => event.involvedObject.name === about && event.reason === reason);
  return found.map(({ message }) => message ?? '');
}

describe('a few Pods', () => {
  afterEach(async () => {
    const [found, machines] = await Promise.all([pods().list(ctx), nodes().list(ctx)]);
    await forEachBounded(found.items, 32, ({ metadata }) =>
      pods().delete(ctx, { name: metadata.name ?? '', namespace: 'default' }, { gracePeriodSeconds: 0 }),
    );
    await forEachBounded(machines.items, 8, ({ metadata }) => nodes().delete(ctx, { name: metadata.name ?? '' }));
  });

  test('a Pod is bound through the API, and its Event tells where', async () => {
    await addNode('a');
    await addPod('p');
    await eventually(() => nodeOf('p')).toBe('a');
    expect((await get('p')).status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'PodScheduled', status: 'True' }),
    );
    await eventually(() => messages('p', 'Scheduled')).toEqual(['Successfully assigned default/p to a']);
  });

  test('a Pod that fits nowhere says why in its condition and in an Event, and is placed when a node comes', async () => {
    await addNode('small', { cpu: '1' });
    await addPod('big', { cpu: '2' });
    const message =
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: ' +
      '0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
    await eventually(async () => (await get('big')).status?.conditions?.[0]?.message).toBe(message);
    expect((await get('big')).status?.conditions?.[0]).toMatchObject({
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
    });
    await eventually(() => messages('big', 'FailedScheduling')).toContain(message);
    await addNode('large', { cpu: '4' });
    await eventually(() => nodeOf('big')).toBe('large');
  });

  test('a Pod of higher priority takes the room of another, which learns why', async () => {
    await addNode('a', { cpu: '1' });
    await server.client.resource(refs.priorityclasses).create(ctx, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'urgent' },
      value: 1000,
    });
    await addPod('low', { cpu: '1' });
    await eventually(() => nodeOf('low')).toBe('a');
    await addPod('high', { cpu: '1', spec: { priorityClassName: 'urgent' } });
    await eventually(async () => (await get('low')).metadata.deletionTimestamp).toBeDefined();
    expect((await get('low')).status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', reason: 'PreemptionByScheduler' }),
    );
    await eventually(async () => (await get('high')).status?.nominatedNodeName).toBe('a');
    await pods().delete(ctx, { name: 'low', namespace: 'default' }, { gracePeriodSeconds: 0 });
    await eventually(() => nodeOf('high')).toBe('a');
    expect((await get('high')).status?.nominatedNodeName).toBeUndefined();
  });
});

test('500 Pods are bound evenly in seconds', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await addNode(name, { cpu: '100', memory: '100Gi', pods: '110' });
  const names = Array.from({ length: 500 }, (_, i) => `p${i}`);
  await forEachBounded(names, 32, (name) => addPod(name, { cpu: '100m', memory: '64Mi' }));
  const bound = async () => (await pods().list(ctx)).items.filter(({ spec }) => spec?.nodeName);
  await eventually(async () => (await bound()).length).toBe(500);
  const perNode = new Map<string, number>();
  for (const { spec } of await bound()) {
    perNode.set(spec?.nodeName ?? '', (perNode.get(spec?.nodeName ?? '') ?? 0) + 1);
  }
  for (const count of perNode.values()) expect(Math.abs(count - 100)).toBeLessThan(6);
});
