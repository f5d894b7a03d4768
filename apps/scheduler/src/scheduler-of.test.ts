import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { DEFAULT_CONFIGURATION, defaultProfile } from '@binnacle/control-scheduling';
import { node, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSchedulerMetrics, type SchedulerMetrics } from './metrics.js';
import { type QueueGauge, schedulerOf } from './scheduler-of.js';

const AS = { commonName: 'system:kube-scheduler' };
let bench: LoopBench;
let pods: Objects<Pod>;
let program: AbortController;
let running: Promise<void>;
let metrics: SchedulerMetrics;
let gauge: QueueGauge;

beforeEach(async () => {
  bench = await LoopBench.start(() => []);
  pods = bench.objects(refs.pods);
  [program, gauge] = [new AbortController(), new Set()];
  metrics = createSchedulerMetrics('kube-scheduler', () => 0);
});
afterEach(async () => {
  program.abort(new Error('the program has ended'));
  await running.catch(() => undefined);
});

function start(schedulerName: string) {
  const configuration = { ...DEFAULT_CONFIGURATION, profiles: [defaultProfile(schedulerName)] };
  const settings = { configuration, seed: 1, instruments: metrics.instruments };
  const ctx = { ...bench.ctx, signal: program.signal };
  const cluster = { client: bench.api.client(AS) } as Parameters<ReturnType<typeof schedulerOf>>[1];
  const resident = schedulerOf(settings, gauge)(ctx, cluster);
  const before = resident.pending();
  running = resident.live(ctx);
  running.catch(() => undefined);
  return { resident, before };
}

async function addNode(name: string): Promise<void> {
  const nodes = bench.objects<Node>(refs.nodes);
  const { status, ...made } = node({ metadata: { name } });
  const figures = { cpu: '4', memory: '8Gi', pods: '110' };
  await nodes.create(made);
  await nodes.change(name, { status: { ...status, capacity: figures, allocatable: figures } }, 'status');
  await nodes.change(name, { spec: { taints: null } });
}

const addPod = (name: string, spec: object = {}) =>
  pods.create(pod({ metadata: { name }, spec: { containers: [{ name: 'main', image: 'i' }], ...spec } }));

const nodeOf = async (name: string) => {
  await bench.api.activity.settled();
  return (await pods.find(name))?.spec?.nodeName;
};

test('is busy until it has seen what there is, and at rest when there is nothing to do', async () => {
  const { resident, before } = start('default-scheduler');
  expect(before).toEqual({ busy: true });
  await addNode('n');
  await addPod('a');
  expect(await nodeOf('a')).toBe('n');
  await expect.poll(() => resident.pending().busy).toBe(false);
});

test('schedules the Pods that ask for it by its name, and says so as it', async () => {
  start('mine');
  await addNode('n');
  await addPod('theirs');
  await addPod('own', { schedulerName: 'mine' });
  expect([await nodeOf('own'), await nodeOf('theirs')]).toEqual(['n', undefined]);
  expect(await bench.events()).toContain('Pod/own Scheduled: Successfully assigned default/own to n');
  const said = 'scheduler_schedule_attempts_total{result="scheduled",profile="mine",component="kube-scheduler"} 1';
  expect(await metrics.registry.metrics()).toContain(said);
});

test('tells how many Pods wait, as long as it lives', async () => {
  start('default-scheduler');
  await addPod('a');
  await expect.poll(() => [...gauge].map((sizes) => sizes().unschedulable)).toEqual([1]);
  program.abort(new Error('the program has ended'));
  await running.catch(() => undefined);
  expect(gauge.size).toBe(0);
});
