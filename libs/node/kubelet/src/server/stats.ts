import { formatTime } from '@binnacle/machinery-context';
import type { UsageStats } from '@binnacle/node-cri';
import type { MeasuredNode } from './measure.js';

function usage({ cpuNanoCores, cpuCoreNanoSeconds, memoryBytes }: UsageStats, time: string): object {
  return {
    cpu: { time, usageNanoCores: cpuNanoCores, usageCoreNanoSeconds: cpuCoreNanoSeconds },
    memory: { time, usageBytes: memoryBytes, workingSetBytes: memoryBytes, rssBytes: memoryBytes },
  };
}

/** What the node and its Pods use, as the kubelet's `/stats/summary` shows it. */
export function statsSummary(nodeName: string, { time, usage: total, pods }: MeasuredNode): object {
  const entries = pods.map(({ name, namespace, uid, startTime, usage: own, containers }) => ({
    podRef: { name, namespace, uid },
    startTime,
    containers: containers.map((each) => ({
      name: each.name,
      startTime: formatTime(each.startedAt),
      ...usage(each.usage, time),
    })),
    ...usage(own, time),
  }));
  return { node: { nodeName, ...usage(total, time) }, pods: entries };
}
