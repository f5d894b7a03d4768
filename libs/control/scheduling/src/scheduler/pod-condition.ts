import type { Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import type { Writer } from '@binnacle/client-rest';
import { type Context, formatTime } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import type { PodInfo } from '../pod/pod-info.js';

export type UnscheduledReason = 'Unschedulable' | 'SchedulerError';

/** Answers whether the Pod's status already says so. */
function saysSo(pod: Pod, reason: UnscheduledReason, message: string): boolean {
  const known = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  return known?.status === 'False' && known.reason === reason && known.message === message;
}

/** Writes PodScheduled=False into the Pod's status, unless it is there. */
export async function reportUnscheduled(
  ctx: Context,
  pods: Pick<Writer<Pod>, 'patch'>,
  { pod, name, namespace }: PodInfo,
  reason: UnscheduledReason,
  message: string,
): Promise<void> {
  if (saysSo(pod, reason, message)) return;
  const known = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  const lastTransitionTime =
    known?.status === 'False' && known.lastTransitionTime ? known.lastTransitionTime : formatTime(ctx.clock.now());
  const { generation: observedGeneration } = pod.metadata;
  const condition: PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    reason,
    message,
    lastTransitionTime,
    ...(observedGeneration !== undefined && { observedGeneration }),
  };
  const patch = { status: { conditions: [condition] } };
  await ignoreNotFound(pods.patch(ctx, { name, namespace }, 'strategic', patch, 'status'));
}
