import { type Context, formatTime } from '@binnacle/machinery-context';
import type { RuntimeService, UsageStats } from '@binnacle/node-cri';
import { podName, podNamespace, podUid } from '../pod/identity.js';
import type { PodWorkers } from '../worker/pod-workers.js';

interface Usage {
  readonly cpu: { readonly time: string; readonly usageNanoCores: number };
  readonly memory: { readonly time: string; readonly workingSetBytes: number; readonly usageBytes: number };
}

function usage({ cpuNanoCores, memoryBytes }: UsageStats, time: string): Usage {
  return {
    cpu: { time, usageNanoCores: cpuNanoCores },
    memory: { time, workingSetBytes: memoryBytes, usageBytes: memoryBytes },
  };
}

const add = (all: readonly UsageStats[]): UsageStats => ({
  cpuNanoCores: all.reduce((sum, each) => sum + each.cpuNanoCores, 0),
  memoryBytes: all.reduce((sum, each) => sum + each.memoryBytes, 0),
});

/** What the node and its Pods use, as the kubelet's `/stats/summary` shows it. */
export async function statsSummary(
  ctx: Context,
  nodeName: string,
  runtime: RuntimeService,
  workers: PodWorkers,
): Promise<object> {
  const time = formatTime(ctx.clock.now());
  const pods = await Promise.all(
    workers.list().map(async ({ pod, status }) => {
      const sandboxes = await runtime.listPodSandboxes(ctx, { podUid: podUid(pod) });
      const containers = (await Promise.all(sandboxes.map(({ id }) => runtime.listContainers(ctx, id)))).flat();
      const running = containers.filter(({ state }) => state === 'running');
      const measured = await Promise.all(
        running.map(async ({ id, metadata, startedAt }) => ({
          name: metadata.name,
          startTime: formatTime(startedAt ?? 0),
          stats: await runtime.containerStats(ctx, id),
        })),
      );
      const total = add(measured.map(({ stats }) => stats));
      const podRef = { name: podName(pod), namespace: podNamespace(pod), uid: podUid(pod) };
      const own = measured.map(({ name, startTime, stats }) => ({ name, startTime, ...usage(stats, time) }));
      return { total, entry: { podRef, startTime: status?.startTime, containers: own, ...usage(total, time) } };
    }),
  );
  const node = { nodeName, ...usage(add(pods.map(({ total }) => total)), time) };
  return { node, pods: pods.map(({ entry }) => entry) };
}
