import type { Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import type { Writer } from '@binnacle/client-rest';
import { type Context, formatTime } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import type { PodInfo } from '../pod/pod-info.js';

export type UnscheduledReason = 'Unschedulable' | 'SchedulerError';

/** What a Pod's status is to say; `nominated` of null takes back what it says, of undefined leaves it. */
export interface UnscheduledStatus {
  readonly reason: UnscheduledReason;
  readonly message: string;
  readonly nominated: string | null | undefined;
  readonly nominatedBefore?: string;
}

type Pods = Pick<Writer<Pod>, 'patch'>;

const conditionOf = ({ status }: Pod): PodCondition | undefined =>
  status?.conditions?.find(({ type }) => type === 'PodScheduled');

function condition(ctx: Context, pod: Pod, { reason, message }: UnscheduledStatus): PodCondition | undefined {
  const known = conditionOf(pod);
  const isKnown = known?.status === 'False';
  if (isKnown && known.reason === reason && known.message === message) return undefined;
  const { generation: observedGeneration } = pod.metadata;
  return {
    type: 'PodScheduled',
    status: 'False',
    reason,
    message,
    lastTransitionTime: (isKnown && known.lastTransitionTime) || formatTime(ctx.clock.now()),
    ...(observedGeneration !== undefined && { observedGeneration }),
  };
}

/** Writes PodScheduled=False and the nomination into the Pod's status, as far as they are not there. */
export async function reportUnscheduled(
  ctx: Context,
  pods: Pods,
  info: PodInfo,
  told: UnscheduledStatus,
): Promise<void> {
  const made = condition(ctx, info.pod, told);
  const known = told.nominatedBefore ?? info.pod.status?.nominatedNodeName ?? null;
  const differs = told.nominated !== undefined && told.nominated !== known;
  if (!made && !differs) return;
  const status = { ...(made && { conditions: [made] }), ...(differs && { nominatedNodeName: told.nominated }) };
  const { name, namespace } = info;
  await ignoreNotFound(pods.patch(ctx, { name, namespace }, 'strategic', { status }, 'status'));
}

/** Tells where the Pod is going, to those who plan with nodes. */
export async function nominate(
  ctx: Context,
  pods: Pods,
  { name, namespace, pod }: PodInfo,
  node: string,
): Promise<void> {
  if (pod.status?.nominatedNodeName === node) return;
  const patch = { status: { nominatedNodeName: node } };
  await ignoreNotFound(pods.patch(ctx, { name, namespace }, 'strategic', patch, 'status'));
}
