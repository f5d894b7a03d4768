import { type Context, formatTime } from '@binnacle/machinery-context';
import type { RuntimeService, UsageStats } from '@binnacle/node-cri';
import { podName, podNamespace, podUid } from '../pod/identity.js';
import type { PodWorkers } from '../worker/pod-workers.js';

export interface MeasuredContainer {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly usage: UsageStats;
}

export interface MeasuredPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly startTime: string | undefined;
  readonly usage: UsageStats;
  readonly containers: readonly MeasuredContainer[];
}

/** What the Pods of a node use, and the node with them. */
export interface MeasuredNode {
  /** RFC 3339. */
  readonly time: string;
  readonly usage: UsageStats;
  readonly pods: readonly MeasuredPod[];
}

const sum = (all: readonly UsageStats[], of: (usage: UsageStats) => number): number =>
  all.reduce((total, usage) => total + of(usage), 0);

const add = (all: readonly UsageStats[]): UsageStats => ({
  cpuNanoCores: sum(all, ({ cpuNanoCores }) => cpuNanoCores),
  cpuCoreNanoSeconds: sum(all, ({ cpuCoreNanoSeconds }) => cpuCoreNanoSeconds),
  memoryBytes: sum(all, ({ memoryBytes }) => memoryBytes),
});

async function containersOf(ctx: Context, runtime: RuntimeService, uid: string): Promise<MeasuredContainer[]> {
  const sandboxes = await runtime.listPodSandboxes(ctx, { podUid: uid });
  const containers = (await Promise.all(sandboxes.map(({ id }) => runtime.listContainers(ctx, id)))).flat();
  const running = containers.filter(({ state }) => state === 'running');
  return Promise.all(
    running.map(async ({ id, metadata, startedAt }) => ({
      name: metadata.name,
      startedAt: startedAt ?? 0,
      usage: await runtime.containerStats(ctx, id),
    })),
  );
}

export async function measure(ctx: Context, runtime: RuntimeService, workers: PodWorkers): Promise<MeasuredNode> {
  const time = formatTime(ctx.clock.now());
  const pods = await Promise.all(
    workers.list().map(async ({ pod, status }): Promise<MeasuredPod> => {
      const containers = await containersOf(ctx, runtime, podUid(pod));
      const usage = add(containers.map((container) => container.usage));
      const named = { name: podName(pod), namespace: podNamespace(pod), uid: podUid(pod) };
      return { ...named, startTime: status?.startTime, usage, containers };
    }),
  );
  return { time, usage: add(pods.map((pod) => pod.usage)), pods };
}
