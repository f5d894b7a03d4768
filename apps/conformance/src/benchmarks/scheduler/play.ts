import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { rounded, measured } from '../turns/cost.js';
import { inFreshCluster, type Made, makeAll, makeNamespace, request } from '../turns/requests.js';
import type { BenchServer } from '../turns/server.js';
import { type RunningWorker, type Side, startWorker } from '../turns/worker.js';
import { Bindings } from './bindings.js';
import { MEASURED, nodeOf, podOf } from './objects.js';
import { HIGH_PRIORITY, type PodGroup, type Workload } from './workloads.js';

/** What one scheduler did with one workload. */
export interface Turn {
  /** Of the measured Pods, from the first request that makes one to the last that is bound. */
  readonly podsPerSecond: number;
  readonly seconds: number;
  /** Processor time a Pod, milliseconds: of the scheduler, and of the API server with its store. */
  readonly schedulerMillis: number;
  readonly serverMillis: number;
}

export interface Stage {
  readonly ctx: Context;
  readonly server: BenchServer;
  readonly client: KubeClient;
  readonly nodes: number;
  /** A name no other turn has. */
  readonly cluster: string;
}

const NAMESPACES = ['sched-0', 'sched-1'];
const PATIENCE_SECONDS = 600;
/** A scheduler that has bound this one has read everything that was there before. */
const PROBE: PodGroup = { namespace: 'default', count: 1, cpu: '1m' };

const pathOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

function* nodes(count: number, zones: readonly string[]): Generator<Made> {
  for (let at = 0; at < count; at += 1) yield { path: '/api/v1/nodes', body: nodeOf(at, zones) };
}

function* podsOn(group: PodGroup, count: number): Generator<Made> {
  for (let at = 0; at < group.count; at += 1)
    yield { path: pathOf(group.namespace), body: podOf(group, `initial-${at}`, { node: at % count }) };
}

function* pods(group: PodGroup): Generator<Made> {
  for (let at = 0; at < group.count; at += 1)
    yield { path: pathOf(group.namespace), body: podOf(group, `measured-${at}`, { measured: true }) };
}

async function fill(ctx: Context, client: KubeClient, workload: Workload, count: number): Promise<void> {
  for (const namespace of NAMESPACES) await makeNamespace(ctx, client, namespace);
  const metadata = { name: HIGH_PRIORITY };
  const high = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata, value: 10 };
  await request(ctx, client, 'POST', '/apis/scheduling.k8s.io/v1/priorityclasses', high);
  await makeAll(ctx, client, nodes(count, workload.zones));
  await makeAll(ctx, client, podsOn(workload.initial, count));
}

/** Makes one Pod after the other at the workload's pace, until told to stop. */
function churning(ctx: Context, client: KubeClient, { churn }: Workload): () => void {
  if (!churn) return () => undefined;
  const { group, everyMilliseconds } = churn;
  let made = 0;
  const make = () => {
    const body = podOf(group, `churn-${(made += 1)}`);
    request(ctx, client, 'POST', pathOf(group.namespace), body).catch(() => clearInterval(timer));
  };
  const timer = setInterval(make, everyMilliseconds);
  return () => clearInterval(timer);
}

async function untilItWorks(ctx: Context, client: KubeClient, worker: RunningWorker): Promise<void> {
  const bindings = await Bindings.watch(ctx, client, PROBE.namespace, MEASURED);
  try {
    await request(ctx, client, 'POST', pathOf(PROBE.namespace), podOf(PROBE, 'probe', { measured: true }));
    await bindings.reach(1, PATIENCE_SECONDS).catch((error: unknown) => {
      worker.check();
      throw error;
    });
  } finally {
    bindings.close();
  }
}

async function timed(
  { ctx, server }: Stage,
  client: KubeClient,
  workload: Workload,
  worker: RunningWorker,
): Promise<Turn> {
  const { count, namespace } = workload.measured;
  const bindings = await Bindings.watch(ctx, client, namespace, MEASURED);
  const stop = churning(ctx, client, workload);
  try {
    const { seconds, cpu } = await measured({ scheduler: worker.pid, server: server.pid }, async () => {
      await makeAll(ctx, client, pods(workload.measured));
      await bindings.reach(count, PATIENCE_SECONDS);
    });
    const each = (name: string) => rounded((1000 * (cpu[name] ?? 0)) / count, 3);
    const podsPerSecond = rounded(count / seconds, 1);
    return { podsPerSecond, seconds, schedulerMillis: each('scheduler'), serverMillis: each('server') };
  } finally {
    stop();
    bindings.close();
  }
}

/** Lets one scheduler do one workload in a fresh logical cluster. */
export function play(stage: Stage, workload: Workload, side: Side): Promise<Turn> {
  const { ctx, server, cluster } = stage;
  return inFreshCluster(ctx, stage.client, cluster, async (client) => {
    await fill(ctx, client, workload, stage.nodes);
    const worker = await startWorker(server, cluster, 'kube-scheduler', side);
    try {
      await untilItWorks(ctx, client, worker);
      return await timed(stage, client, workload, worker);
    } finally {
      await worker.end();
    }
  });
}
