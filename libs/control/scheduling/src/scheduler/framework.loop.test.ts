import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { PriorityClass } from '@binnacle/apis-kubernetes/scheduling/v1';
import { createEventRecorder } from '@binnacle/client-controller';
import { StatusError } from '@binnacle/machinery-meta';
import { node, pod, priorityClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfiguration } from '../configuration/read-configuration.js';
import { noInstruments, type PluginRun } from '../framework/instruments.js';
import type { PermitPlugin, PostBindPlugin, PreBindPlugin, ReservePlugin } from '../framework/plugin.js';
import { on } from '../framework/queueing-hint.js';
import { plugin } from '../framework/registry.js';
import { unresolvable } from '../framework/rejection.js';
import type { WaitingPods } from '../framework/waiting-pods.js';
import { runScheduler, type SchedulerOptions } from './create-scheduler.js';

const HEAD = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
let bench: LoopBench;
let pods: Objects<Pod>;
let program: AbortController;
let running: Promise<void>;
let calls: string[];
let timed: string[];
let waiting: WaitingPods;
/** What the plugins below say of a Pod, by its name. */
let permits: Map<string, ReturnType<PermitPlugin['permit']>>;
let reserves: Map<string, string | Error>;
let prepares: Map<string, Promise<void>>;

/** Stands wherever a Pod that was given a node passes by. */
class Gate implements ReservePlugin, PermitPlugin, PreBindPlugin, PostBindPlugin {
  constructor(readonly name: string) {}

  reserve({ name }: { name: string }) {
    calls.push(`${this.name} reserve ${name}`);
    const answer = this.name === 'Second' ? reserves.get(name) : undefined;
    if (answer instanceof Error) throw answer;
    return answer === undefined ? undefined : unresolvable(answer);
  }

  unreserve({ name }: { name: string }) {
    calls.push(`${this.name} unreserve ${name}`);
  }

  permit({ name }: { name: string }) {
    return this.name === 'Second' ? permits.get(name) : undefined;
  }

  preBindPreFlight({ name }: { name: string }) {
    return this.name === 'Second' && prepares.has(name);
  }

  async preBind(_: unknown, { name }: { name: string }) {
    await prepares.get(name);
    calls.push(`${this.name} preBind ${name}`);
  }

  postBind({ name }: { name: string }, on_: string) {
    if (this.name === 'First') calls.push(`postBind ${name} ${on_}`);
  }

  eventsToRegister() {
    return [on('Node', ['Add'])];
  }
}

const points = ['reserve', 'permit', 'preBind', 'postBind'] as const;
const registry: SchedulerOptions['registry'] = {
  First: plugin(points, ({ shared }) => {
    waiting = shared.waitingPods;
    return new Gate('First');
  }),
  Second: plugin(points, () => new Gate('Second')),
};

function start(body: string): void {
  program = new AbortController();
  const ctx = { ...bench.ctx, signal: program.signal };
  const client = bench.api.client({ commonName: 'system:kube-scheduler' });
  const recorders = (component: string) => createEventRecorder(ctx, client, { component });
  const configuration = readConfiguration(`${HEAD}${body}`);
  const instruments = {
    ...noInstruments,
    ran: ({ plugin: by, point }: PluginRun) => void timed.push(`${point} ${by}`),
  };
  running = runScheduler(ctx, client, recorders, { configuration, registry, instruments });
  running.catch(() => undefined);
}

beforeEach(async () => {
  [calls, timed] = [[], []];
  [permits, reserves, prepares] = [new Map(), new Map(), new Map()];
  bench = await LoopBench.start(() => []);
  pods = bench.objects(refs.pods);
});
afterEach(async () => {
  program.abort(new Error('the program has ended'));
  await running.catch(() => undefined);
});

async function addNode(name: string, cpu = '4', labels: Record<string, string> = {}): Promise<void> {
  const nodes = bench.objects<Node>(refs.nodes);
  const { status, ...made } = node({ metadata: { name, labels } });
  const figures = { cpu, memory: '8Gi', pods: '110' };
  await nodes.create(made);
  await nodes.change(name, { status: { ...status, capacity: figures, allocatable: figures } }, 'status');
  await nodes.change(name, { spec: { taints: null } });
}
async function addPod(name: string, cpu = '1', spec: object = {}): Promise<void> {
  const containers = [{ name: 'main', image: 'i', resources: { requests: { cpu } } }];
  await pods.create(pod({ metadata: { name, labels: { app: name } }, spec: { containers, ...spec } }));
}
const get = async (name: string) => {
  await bench.api.activity.settled();
  return pods.find(name);
};
const nodeOf = async (name: string) => (await get(name))?.spec?.nodeName;
const eventsOf = async (name: string) => (await bench.events()).filter((line) => line.startsWith(`Pod/${name} `));

const GATES = `profiles:
- plugins:
    multiPoint:
      enabled: [{name: First}, {name: Second}]
`;

describe('a Pod that was given a node', () => {
  beforeEach(async () => {
    start(GATES);
    await addNode('n');
  });

  test('passes Reserve, Bind and PostBind in their order, and says nothing of where it is going', async () => {
    await addPod('a');
    expect(await nodeOf('a')).toBe('n');
    expect(calls).toEqual(['First reserve a', 'Second reserve a', 'postBind a n']);
    expect((await get('a'))?.status?.nominatedNodeName).toBeUndefined();
    const later = ['Reserve First', 'Reserve Second', 'Permit First', 'Permit Second', 'Bind DefaultBinder'];
    expect(
      timed.filter((run) => !/^(PreFilter|Filter|PreScore|Score|Reserve (VolumeBinding|DynamicResources))/.test(run)),
    ).toEqual(later);
  });

  test.each<[string, string | Error, string, string]>([
    [
      'cannot have what it needs there',
      'no room for it',
      '0/1 nodes are available: 1 no room for it.',
      'Unschedulable',
    ],
    ['runs into a fault', new Error('broken'), 'broken', 'SchedulerError'],
  ])('and %s gives back what it had, in reverse order', async (_, answer, message, reason) => {
    reserves.set('a', answer);
    await addPod('a');
    expect(await nodeOf('a')).toBeUndefined();
    expect(calls).toEqual(['First reserve a', 'Second reserve a', 'Second unreserve a', 'First unreserve a']);
    expect(await eventsOf('a')).toEqual([`Pod/a FailedScheduling: ${message}`]);
    const condition = (await get('a'))?.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    expect(condition?.reason).toBe(reason);
  });

  test('and is not permitted is unschedulable, until something happens that may help', async () => {
    permits.set('a', { rejection: unresolvable('not today') });
    await addPod('a');
    expect(await nodeOf('a')).toBeUndefined();
    expect(await eventsOf('a')).toEqual(['Pod/a FailedScheduling: 0/1 nodes are available: 1 not today.']);
    permits.clear();
    await bench.advance(100_000);
    expect(await nodeOf('a')).toBeUndefined();
    await addNode('m');
    expect(await nodeOf('a')).toBeDefined();
  });

  test('and waits for permission says where, keeps its room, and is bound when it is allowed', async () => {
    permits.set('a', { wait: 60_000 });
    await addPod('a', '3');
    expect(await nodeOf('a')).toBeUndefined();
    expect((await get('a'))?.status?.nominatedNodeName).toBe('n');
    await addPod('b', '2');
    expect(await nodeOf('b')).toBeUndefined();
    const [one] = waiting.values();
    expect(one?.pendingPlugins).toEqual(['Second']);
    one?.allow('Second');
    expect(await nodeOf('a')).toBe('n');
    expect(waiting.size).toBe(0);
  });

  test('and waits in vain gives its room to others, and takes back where it was going', async () => {
    permits.set('a', { wait: 60_000 });
    await addPod('a', '3');
    await bench.api.activity.settled();
    await addPod('b', '2');
    await bench.advance(60_000);
    expect(await nodeOf('b')).toBe('n');
    expect((await eventsOf('a')).at(-1)).toBe(
      'Pod/a FailedScheduling: 0/1 nodes are available: 1 rejected due to timeout after waiting 1m0s at plugin Second.',
    );
    expect((await get('a'))?.status?.nominatedNodeName).toBeUndefined();
    expect(calls.filter((line) => line.endsWith('unreserve a'))).toHaveLength(2);
  });

  test('and waits while something happens that it was not rejected for is tried again at once', async () => {
    permits.set('a', { wait: 60_000 });
    await addPod('a');
    await bench.api.activity.settled();
    await addNode('m');
    await bench.api.activity.settled();
    permits.clear();
    [...waiting.values()][0]?.reject('Second', 'no');
    await bench.advance(10_000);
    expect(await nodeOf('a')).toBeDefined();
  });

  test('and is deleted while it waits is waited with no longer', async () => {
    permits.set('a', { wait: 60_000 });
    await addPod('a', '4');
    await bench.api.activity.settled();
    await pods.delete('a', { gracePeriodSeconds: 0 });
    await addPod('b', '4');
    expect(await nodeOf('b')).toBe('n');
    expect(waiting.size).toBe(0);
  });

  test('and is prepared first says where it is going, and others do not wait for it', async () => {
    let ready: () => void = () => undefined;
    prepares.set('a', new Promise((resolve) => (ready = resolve)));
    await addPod('a');
    await addPod('b');
    expect([await nodeOf('a'), await nodeOf('b')]).toEqual([undefined, 'n']);
    expect((await get('a'))?.status?.nominatedNodeName).toBe('n');
    ready();
    expect(await nodeOf('a')).toBe('n');
    expect((await get('a'))?.status?.nominatedNodeName).toBeUndefined();
  });

  test('and cannot be prepared takes that back and is tried again after a pause', async () => {
    prepares.set('a', Promise.reject(new Error('no disk')));
    await addPod('a');
    expect(await nodeOf('a')).toBeUndefined();
    expect(await eventsOf('a')).toEqual(['Pod/a FailedScheduling: running PreBind plugin "Second": no disk']);
    expect((await get('a'))?.status?.nominatedNodeName).toBeUndefined();
    prepares.clear();
    await bench.advance(1_000);
    expect(await nodeOf('a')).toBe('n');
  });

  test('and waits for permission goes back when a more important one needs its room', async () => {
    await bench.objects<PriorityClass>(refs.priorityclasses).create(priorityClass());
    permits.set('low', { wait: 600_000 });
    await addPod('low', '4');
    await bench.api.activity.settled();
    await addPod('high', '4', { priorityClassName: 'high' });
    await bench.advance(10_000);
    expect([await nodeOf('high'), await nodeOf('low')]).toEqual(['n', undefined]);
    expect((await get('low'))?.metadata.deletionTimestamp).toBeUndefined();
    expect((await eventsOf('low')).join('\n')).toContain('(in kube-scheduler memory).');
  });
});

describe('a configuration', () => {
  const PROFILES = `profiles:
- schedulerName: packing
  pluginConfig:
  - name: NodeResourcesFit
    args:
      scoringStrategy: {type: MostAllocated}
  plugins:
    score:
      disabled: [{name: '*'}]
      enabled: [{name: NodeResourcesFit, weight: 5}]
- schedulerName: fenced
  pluginConfig:
  - name: NodeAffinity
    args:
      addedAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms: [{matchExpressions: [{key: fenced, operator: Exists}]}]
`;

  test('of two profiles schedules each Pod as its own says, in one queue, and each speaks for itself', async () => {
    start(PROFILES);
    await addNode('a');
    await addNode('b', '4', { fenced: 'yes' });
    await addPod('first', '1', { schedulerName: 'fenced' });
    expect(await nodeOf('first')).toBe('b');
    for (const name of ['p1', 'p2', 'p3']) {
      await addPod(name, '1', { schedulerName: 'packing' });
      expect(await nodeOf(name)).toBe('b');
    }
    await addPod('over', '1', { schedulerName: 'fenced' });
    await addPod('other');
    expect([await nodeOf('over'), await nodeOf('other')]).toEqual([undefined, undefined]);
    expect(await eventsOf('over')).toEqual([
      'Pod/over FailedScheduling: 0/2 nodes are available: 1 Insufficient cpu, ' +
        "1 node(s) didn't match scheduler-enforced node affinity. no new claims to deallocate, " +
        'preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    ]);
    const { items } = await bench.client.resource(refs.events).list(bench.ctx);
    const sources = items.map((event) => (event as { source?: { component?: string } }).source?.component);
    expect(new Set(sources)).toEqual(new Set(['packing', 'fenced']));
  });

  test('without preemption ends nobody', async () => {
    await bench.objects<PriorityClass>(refs.priorityclasses).create(priorityClass());
    start('profiles: [{plugins: {multiPoint: {disabled: [{name: DefaultPreemption}]}}}]');
    await addNode('n', '1');
    await addPod('low');
    await bench.api.activity.settled();
    await addPod('high', '1', { priorityClassName: 'high' });
    await bench.api.activity.settled();
    expect((await get('low'))?.metadata.deletionTimestamp).toBeUndefined();
    expect((await eventsOf('high')).at(-1)).toBe(
      'Pod/high FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate',
    );
  });

  test('says how long Pods rest', async () => {
    start('podInitialBackoffSeconds: 5\npodMaxBackoffSeconds: 5\n');
    await addNode('n');
    bench.api.befall(({ path }) =>
      path.endsWith('/binding') ? new StatusError(500, 'InternalError', 'down') : undefined,
    );
    await addPod('a');
    await bench.api.activity.settled();
    bench.api.befall(() => undefined);
    await bench.advance(4_000);
    expect(await nodeOf('a')).toBeUndefined();
    await bench.advance(1_000);
    expect(await nodeOf('a')).toBe('n');
  });

  test('that names what is not there does not start', async () => {
    start('profiles: [{plugins: {permit: {enabled: [{name: Third}]}}}]');
    await expect(running).rejects.toThrow('PermitPlugin "Third" does not exist');
  });
});

test('a Pod wakes when the one it must be near to has come', async () => {
  start('');
  await addNode('n');
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'friend' } } };
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  await addPod('shy', '1', { affinity });
  expect(await nodeOf('shy')).toBeUndefined();
  await addPod('stranger');
  await bench.advance(10_000);
  expect(await nodeOf('shy')).toBeUndefined();
  await addPod('friend');
  await bench.advance(10_000);
  expect(await nodeOf('shy')).toBe('n');
});

test('events that cannot help wake nobody', async () => {
  start('');
  await addNode('n', '1');
  await addPod('big', '2');
  await bench.api.activity.settled();
  await addNode('m', '1');
  await bench.objects<Node>(refs.nodes).change('n', { metadata: { labels: { a: 'b' } } });
  await bench.advance(60_000);
  expect(await eventsOf('big')).toHaveLength(1);
  await bench
    .objects<Node>(refs.nodes)
    .change('n', { status: { allocatable: { cpu: '2' }, capacity: { cpu: '2' } } }, 'status');
  await bench.advance(10_000);
  expect(await nodeOf('big')).toBe('n');
});

describe('room that is promised', () => {
  beforeEach(async () => {
    await bench.objects<PriorityClass>(refs.priorityclasses).create(priorityClass());
    start('');
    await addNode('n', '1');
    await addPod('low');
    await bench.api.activity.settled();
    await bench.kubelet.run();
  });

  test('to a Pod that goes away is free again', async () => {
    await addPod('high', '1', { priorityClassName: 'high' });
    await bench.api.activity.settled();
    await addPod('late');
    await bench.kubelet.stop();
    await bench.api.activity.settled();
    // The Pod for which room was made has its node by now; one that it displaces again is promised nothing.
    expect(await nodeOf('high')).toBe('n');
    expect(await nodeOf('late')).toBeUndefined();
    await pods.delete('high', { gracePeriodSeconds: 0 });
    await bench.advance(10_000);
    expect(await nodeOf('late')).toBe('n');
  });

  test('to one that is deleted before it came lets those in that left it alone', async () => {
    await addPod('high', '1', { priorityClassName: 'high' });
    await bench.api.activity.settled();
    expect((await get('high'))?.status?.nominatedNodeName).toBe('n');
    await addPod('late');
    await bench.api.activity.settled();
    await pods.delete('high', { gracePeriodSeconds: 0 });
    await bench.kubelet.stop();
    await bench.advance(10_000);
    expect(await nodeOf('late')).toBe('n');
  });

  test('by somebody else is left alone by others of no higher priority', async () => {
    await addNode('m', '1');
    await addPod('planned', '1', { schedulingGates: [{ name: 'later' }] });
    await pods.change('planned', { status: { nominatedNodeName: 'm' } }, 'status');
    await bench.api.activity.settled();
    await addPod('late');
    expect(await nodeOf('late')).toBeUndefined();
    await pods.change('planned', { status: { nominatedNodeName: null } }, 'status');
    await bench.advance(10_000);
    expect(await nodeOf('late')).toBe('m');
  });
});
