import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Decision, DecisionNodes } from '@binnacle/apis-kubernetes/decisions/v1';
import type { PriorityClass } from '@binnacle/apis-kubernetes/scheduling/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder } from '@binnacle/client-controller';
import { StatusError } from '@binnacle/machinery-meta';
import { node, pod, priorityClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DecisionOutcome } from '../decisions/index.js';
import { runScheduler } from './create-scheduler.js';

const AS = { commonName: 'system:kube-scheduler' };
let bench: LoopBench;
let nodes: Objects<Node>;
let pods: Objects<Pod>;
let program: AbortController;
let running: Promise<void>;
let pending: () => { readonly busy: boolean };
let counts: Partial<Record<DecisionOutcome, number>>;

beforeEach(async () => {
  bench = await LoopBench.start(() => []);
  nodes = bench.objects(refs.nodes);
  pods = bench.objects(refs.pods);
  [program, counts] = [new AbortController(), {}];
  const ctx = { ...bench.ctx, signal: program.signal };
  const client = bench.api.client(AS);
  const count = (outcome: DecisionOutcome, more: number) => {
    counts[outcome] = (counts[outcome] ?? 0) + more;
  };
  running = runScheduler(ctx, client, (component) => createEventRecorder(ctx, client, { component }), {
    decisions: { detailsPerSecond: 5, count },
    begun: (now) => (pending = now),
  });
  running.catch(() => undefined);
});
afterEach(async () => {
  program.abort(new Error('the program has ended'));
  await running.catch(() => undefined);
});

async function addNode(name: string, cpu = '4'): Promise<void> {
  const { status, ...made } = node({ metadata: { name } });
  const figures = { cpu, memory: '8Gi', pods: '110' };
  await nodes.create(made);
  await nodes.change(name, { status: { ...status, capacity: figures, allocatable: figures } }, 'status');
  await nodes.change(name, { spec: { taints: null } });
}

async function addPod(name: string, cpu = '1', spec: object = {}): Promise<Pod> {
  const containers = [{ name: 'main', image: 'i', resources: { requests: { cpu } } }];
  return pods.create(pod({ metadata: { name }, spec: { containers, ...spec } }));
}

/** Those about a Pod, the oldest first, once all have been told. */
async function decided(name: string): Promise<readonly Decision[]> {
  for (;;) {
    await bench.api.activity.settled();
    if (!pending().busy) break;
    bench.ctx.clock.step(250);
  }
  const selected = { fieldSelector: `spec.podName=${name}` };
  const { items } = await bench.client.resource<Decision>(refs.decisions).list(bench.ctx, selected);
  return [...items].reverse();
}

test('a Pod that waited tells of both attempts: why not, what let it try again, and why there', async () => {
  const { metadata } = await addPod('web');
  await decided('web');
  await addNode('a');
  await addNode('b');
  const [first, ...more] = await decided('web');
  expect(first?.spec).toMatchObject({ podUID: metadata.uid, attempt: 1, queuedBy: 'UnscheduledPodAdd' });
  expect(first?.status).toMatchObject({
    result: 'Unschedulable',
    message: 'no nodes available to schedule pods',
    nodes: 0,
  });
  const last = more.at(-1);
  expect(last?.status).toMatchObject({ result: 'Scheduled', nodeName: 'a', feasibleNodes: 1 });
  expect(last?.spec.queuedBy).toMatch(/^NodeUpdate/);
  expect(last?.spec.queuedByObject).toBe('Node/a');
  expect(last?.spec.revision).toBeGreaterThan(first?.spec.revision ?? 0);
  expect(counts).toEqual({ stored: more.length + 1 });
});

test('a Pod that fits in several places tells how good each was, and of those it does not fit what they said', async () => {
  await addNode('a');
  await addNode('b', '8');
  await addNode('small', '500m');
  await addPod('web', '2');
  const [decision] = await decided('web');
  expect(decision?.status).toMatchObject({ result: 'Scheduled', nodeName: 'b', nodes: 3, feasibleNodes: 2 });
  expect(decision?.status.rejections).toEqual([
    { plugin: 'NodeResourcesFit', reason: 'Insufficient cpu', nodes: 1, exampleNodes: ['small'], unresolvable: true },
  ]);
  const [best, second] = decision?.status.bestNodes ?? [];
  expect([best?.node, second?.node]).toEqual(['b', 'a']);
  expect(best?.total).toBe(best?.plugins.reduce((sum, { weighted }) => sum + weighted, 0));
  const path = `/apis/scheduling.binnacle.dev/v1/namespaces/default/decisions/${decision?.metadata.name}/nodes`;
  const { body } = await bench.client.raw(bench.ctx, 'GET', path);
  const told = JSON.parse(body) as DecisionNodes;
  expect(told.names).toEqual(['a', 'b', 'small']);
  expect(told.verdicts).toEqual([-1, -1, 0]);
  const fit = told.columns.find(({ plugin }) => plugin === 'NodeResourcesFit');
  expect(fit?.scores).toHaveLength(2);
  expect(told.columns.every(({ raw }) => raw.length === 2)).toBe(true);
});

test('a Pod for which room is made tells whom it displaces', async () => {
  await bench.objects<PriorityClass>(refs.priorityclasses).create(priorityClass());
  await addNode('a', '2');
  await addPod('low', '2');
  await decided('low');
  await addPod('high', '2', { priorityClassName: 'high' });
  const [decision] = await decided('high');
  expect(decision?.status).toMatchObject({
    result: 'Unschedulable',
    preemption: { node: 'a', victims: [{ namespace: 'default', name: 'low' }] },
  });
});

test('a binding that is refused is told as what failed', async () => {
  await addNode('a');
  bench.api.befall(({ path }) =>
    path.endsWith('/binding') ? new StatusError(500, 'InternalError', 'the disk is gone') : undefined,
  );
  await addPod('web');
  await bench.api.activity.settled();
  bench.api.befall(() => undefined);
  const results = (await decided('web')).map(({ status }) => [status.result, status.message ?? '']);
  expect(results.slice(0, 2)).toEqual([
    ['Scheduled', ''],
    ['Error', expect.stringContaining('the disk is gone')],
  ]);
  expect(results.at(-1)).toEqual(['Scheduled', '']);
});

test('an API server that takes no decisions does not keep Pods from their nodes', async () => {
  bench.api.befall(({ path }) => (path === '/decisions' ? new StatusError(403, 'Forbidden', 'no') : undefined));
  await addNode('a');
  await addPod('web');
  expect(await decided('web')).toEqual([]);
  expect((await pods.get('web')).spec?.nodeName).toBe('a');
  expect(counts).toEqual({ dropped: 1 });
});
