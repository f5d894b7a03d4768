import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podFigures } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { Tone } from '@binnacle/web-ui';
import type { ObjectStatus } from '../kinds/kind-view.js';

export interface PodState extends ObjectStatus {
  readonly ready: number;
  /** Containers that keep running: the main ones and the sidecars. */
  readonly total: number;
  readonly restarts: number;
  /** When a container last ended, RFC 3339. */
  readonly restartedAt?: string;
}

const PROGRESS = new Set(['Pending', 'ContainerCreating', 'PodInitializing', 'Terminating', 'SchedulingGated']);
const DONE = new Set(['Succeeded', 'Completed']);

function toneOf(label: string, whole: boolean): Tone {
  if (PROGRESS.has(label) || /^Init:\d+\//.test(label)) return 'progress';
  if (DONE.has(label)) return 'idle';
  if (label === 'Running') return whole ? 'ok' : 'warn';
  return label === 'Unknown' || label === 'NotReady' ? 'warn' : 'error';
}

function condition({ status }: Pod, wanted: string) {
  return status?.conditions?.find(({ type }) => type === wanted);
}

const isUnschedulable = (pod: Pod): boolean => condition(pod, 'PodScheduled')?.reason === 'Unschedulable';

/** The node may have stopped answering, or a readiness gate may be shut, while every container is ready. */
const isRefused = (pod: Pod): boolean => condition(pod, 'Ready')?.status === 'False';

function unreadyDetail(pod: Pod): string | undefined {
  const ready = condition(pod, 'Ready');
  return ready?.status === 'False' ? ready.message || ready.reason : undefined;
}

function detailOf(pod: Pod, label: string): string | undefined {
  const waiting = pod.status?.containerStatuses?.map(({ state }) => state?.waiting?.message).find(Boolean);
  const told = pod.status?.message ?? waiting;
  if (told) return told;
  if (isUnschedulable(pod)) return condition(pod, 'PodScheduled')?.message;
  return label === 'Running' ? unreadyDetail(pod) : undefined;
}

/** The same figures and words as kubectl's, and how good they are. */
export function podState(pod: Pod): PodState {
  const { ready, containers, status, restarts, restartedAt } = podFigures(pod);
  const label = status || 'Unknown';
  const detail = detailOf(pod, label);
  const whole = ready === containers && !isRefused(pod);
  return {
    label,
    tone: label === 'Pending' && isUnschedulable(pod) ? 'warn' : toneOf(label, whole),
    ready,
    total: containers,
    restarts,
    ...(restartedAt && { restartedAt }),
    ...(detail && { detail }),
  };
}
