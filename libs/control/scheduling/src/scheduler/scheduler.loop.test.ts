import type { Namespace, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PriorityClass } from '@binnacle/apis-kubernetes/scheduling/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder } from '@binnacle/client-controller';
import { StatusError } from '@binnacle/machinery-meta';
import { namespace, node, pod, podDisruptionBudget, priorityClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runScheduler } from './create-scheduler.js';

const AS = { commonName: 'system:kube-scheduler' };
let bench: LoopBench;
let nodes: Objects<Node>;
let pods: Objects<Pod>;
let program: AbortController;
let running: Promise<void>;

/** The scheduler goes on by itself; what stands still here is time. */
function start(): void {
  program = new AbortController();
  const ctx = { ...bench.ctx, signal: program.signal };
  const client = bench.api.client(AS);
  running = runScheduler(ctx, client, (component) => createEventRecorder(ctx, client, { component }));
  running.catch(() => undefined);
}

async function stop(): Promise<void> {
  program.abort(new Error('the program has ended'));
  await running.catch(() => undefined);
}

beforeEach(async () => {
  bench = await LoopBench.start(() => []);
  nodes = bench.objects(refs.nodes);
  pods = bench.objects(refs.pods);
  start();
});
afterEach(stop);

async function addNode(name: string, cpu = '4'): Promise<void> {
  const { status, ...made } = node({ metadata: { name } });
  const figures = { cpu, memory: '8Gi', pods: '110' };
  await nodes.create(made);
  await nodes.change(name, { status: { ...status, capacity: figures, allocatable: figures } }, 'status');
  // Nobody here takes away what admission puts on a node that has not reported yet.
  await nodes.change(name, { spec: { taints: null } });
}
async function addPod(name: string, cpu = '1', spec: object = {}): Promise<void> {
  const containers = [{ name: 'main', image: 'i', resources: { requests: { cpu } } }];
  await pods.create(pod({ metadata: { name, labels: { app: 'web' } }, spec: { containers, ...spec } }));
}
const nodeOf = async (name: string) => {
  await bench.api.activity.settled();
  return (await pods.find(name))?.spec?.nodeName;
};
const reasonOf = async (name: string) =>
  (await pods.get(name)).status?.conditions?.find(({ type }) => type === 'PodScheduled')?.reason;

test('a Pod is placed once a node is there, and told where', async () => {
  await addPod('a');
  expect(await nodeOf('a')).toBeUndefined();
  expect(await reasonOf('a')).toBe('Unschedulable');
  await addNode('n');
  expect(await nodeOf('a')).toBe('n');
  expect(await bench.events()).toContain('Pod/a Scheduled: Successfully assigned default/a to n');
});

test('what is full stays full over a restart, and frees its room with the Pod that goes', async () => {
  await addNode('n', '2');
  for (const name of ['a', 'b']) await addPod(name);
  await bench.api.activity.settled();
  await stop();
  start();
  await addPod('c');
  expect(await nodeOf('c')).toBeUndefined();
  await pods.delete('a', { gracePeriodSeconds: 0 });
  expect(await nodeOf('c')).toBe('n');
});

test('higher priority goes first where both wait', async () => {
  await bench.objects<PriorityClass>(refs.priorityclasses).create(priorityClass());
  await addPod('low', '1', { priorityClassName: '' });
  await addPod('high', '1', { priorityClassName: 'high' });
  await bench.api.activity.settled();
  await addNode('n', '1');
  expect([await nodeOf('low'), await nodeOf('high')]).toEqual([undefined, 'n']);
});

describe('a binding', () => {
  const isBinding = ({ path }: { path: string }) => path.endsWith('/binding');

  test('that is refused frees the room at once, and is tried again after its pause, not a millisecond before', async () => {
    await addNode('n', '1');
    bench.api.befall((request) => (isBinding(request) ? new StatusError(500, 'InternalError', 'down') : undefined));
    await addPod('a');
    expect(await nodeOf('a')).toBeUndefined();
    expect(await reasonOf('a')).toBe('SchedulerError');
    bench.api.befall(() => undefined);
    bench.ctx.clock.step(999);
    expect(await nodeOf('a')).toBeUndefined();
    bench.ctx.clock.step(1);
    expect(await nodeOf('a')).toBe('n');
  });

  test('whose answer was lost stands, and its room is not given away', async () => {
    await addNode('n', '1');
    bench.api.loseAnswers(isBinding);
    await addPod('a');
    await bench.api.activity.settled();
    bench.api.loseAnswers(undefined);
    await addPod('b');
    bench.ctx.clock.step(10_000);
    expect([await nodeOf('a'), await nodeOf('b')]).toEqual(['n', undefined]);
  });

  test('of a Pod that went meanwhile is forgotten', async () => {
    await addNode('n', '1');
    bench.api.hold(/pods\?.*watch=true/);
    await addPod('a');
    await pods.delete('a', { gracePeriodSeconds: 0 });
    await addPod('b');
    bench.api.hold(undefined);
    expect(await nodeOf('b')).toBe('n');
  });
});

describe('preemption', () => {
  beforeEach(async () => {
    await bench.objects<PriorityClass>(refs.priorityclasses).create(priorityClass());
    await addNode('n', '1');
    await addPod('low');
    await bench.api.activity.settled();
    await bench.kubelet.run();
  });

  test('ends one of lower priority, waits until it has gone, and keeps its room meanwhile', async () => {
    await addPod('high', '1', { priorityClassName: 'high' });
    await bench.api.activity.settled();
    expect((await pods.get('low')).metadata.deletionTimestamp).toBeDefined();
    expect((await pods.get('high')).status?.nominatedNodeName).toBe('n');
    await addPod('other');
    await bench.kubelet.stop();
    bench.ctx.clock.step(10_000);
    expect([await nodeOf('high'), await nodeOf('other')]).toEqual(['n', undefined]);
    expect(await bench.events()).toContainEqual(
      expect.stringMatching(/^Pod\/low Preempted: Preempted by pod .* on node n$/),
    );
  });

  test('spares those of its own priority', async () => {
    await addPod('equal');
    expect(await nodeOf('equal')).toBeUndefined();
    expect((await pods.get('low')).metadata.deletionTimestamp).toBeUndefined();
  });

  test('that could not be carried out is tried again', async () => {
    bench.api.befall(({ method }) => (method === 'DELETE' ? new StatusError(500, 'InternalError', 'down') : undefined));
    await addPod('high', '1', { priorityClassName: 'high' });
    await bench.api.activity.settled();
    bench.api.befall(() => undefined);
    for (let tries = 0; tries < 12; tries += 1) {
      bench.ctx.clock.step(1_000);
      await bench.api.activity.settled();
    }
    await bench.kubelet.stop();
    expect(await nodeOf('high')).toBe('n');
  });

  test('takes one whose budget allows it before one whose budget does not', async () => {
    await addNode('m', '1');
    await pods.create(
      pod({
        metadata: { name: 'kept', labels: { app: 'kept' } },
        spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }] },
      }),
    );
    await bench.api.activity.settled();
    const budgets = bench.objects<PodDisruptionBudget>(refs.poddisruptionbudgets);
    await budgets.create(podDisruptionBudget({ spec: { selector: { matchLabels: { app: 'kept' } } } }));
    await bench.api.activity.settled();
    await addPod('high', '1', { priorityClassName: 'high' });
    await bench.api.activity.settled();
    expect((await pods.find('kept'))?.metadata.deletionTimestamp).toBeUndefined();
    expect((await pods.find('low'))?.metadata.deletionTimestamp).toBeDefined();
  });
});

test('a watch that broke and was forgotten hides no room', async () => {
  await addNode('n', '1');
  await addPod('a');
  await bench.api.activity.settled();
  bench.api.breakWatches();
  await pods.delete('a', { gracePeriodSeconds: 0 });
  await bench.api.forgetHistory();
  await addPod('b');
  for (let tries = 0; tries < 20; tries += 1) {
    bench.ctx.clock.step(1_000);
    await bench.api.activity.settled();
  }
  expect(await nodeOf('b')).toBe('n');
});

test('a namespace whose labels change may let a Pod in that chose by them', async () => {
  await addNode('n');
  const namespaces = bench.objects<Namespace>(refs.namespaces);
  await namespaces.create(namespace({ metadata: { name: 'shop' } }));
  const term = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: { app: 'web' } },
    namespaceSelector: { matchLabels: { team: 'a' } },
  };
  const theirs = bench.objects<Pod>(refs.pods, 'shop');
  await theirs.create(pod({ metadata: { name: 'friend', labels: { app: 'web' } } }));
  await bench.api.activity.settled();
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  await pods.create(pod({ metadata: { name: 'a' }, spec: { affinity } }));
  expect(await nodeOf('a')).toBeUndefined();
  await namespaces.change('shop', { metadata: { labels: { team: 'a' } } });
  bench.ctx.clock.step(10_000);
  expect(await nodeOf('a')).toBe('n');
});
