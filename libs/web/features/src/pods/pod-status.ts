import type { ContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Tone } from '@binnacle/web-ui';
import type { ObjectStatus } from '../kinds/kind-view.js';

export interface PodState extends ObjectStatus {
  readonly ready: number;
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

function stoppedReason({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  const ended = state?.terminated;
  if (!ended) return undefined;
  return ended.reason || (ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`);
}

const isRestartable = (pod: Pod, name: string): boolean =>
  pod.spec?.initContainers?.some((container) => container.name === name && container.restartPolicy === 'Always') ??
  false;

function isInitDone(pod: Pod, { name, started, state }: ContainerStatus): boolean {
  return state?.terminated?.exitCode === 0 || (isRestartable(pod, name) && started === true);
}

/** The first init container that is not done decides; undefined when all are. */
function initReason(pod: Pod): string | undefined {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const index = statuses.findIndex((status) => !isInitDone(pod, status));
  const current = statuses[index];
  if (!current) return undefined;
  const reason = stoppedReason(current);
  if (reason && reason !== 'PodInitializing') return `Init:${reason}`;
  return `Init:${index}/${pod.spec?.initContainers?.length ?? statuses.length}`;
}

function containerReason(pod: Pod, fallback: string): string {
  const statuses = pod.status?.containerStatuses ?? [];
  const stopped = statuses.map(stoppedReason).findLast(Boolean);
  if (!stopped) return fallback;
  const someRun = statuses.some((status) => status.ready && status.state?.running);
  if (stopped !== 'Completed' || !someRun) return stopped;
  const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready ? 'Running' : 'NotReady';
}

const isOver = (phase: string): boolean => phase === 'Succeeded' || phase === 'Failed';

function scheduling({ status }: Pod) {
  return status?.conditions?.find(({ type }) => type === 'PodScheduled');
}

function labelOf(pod: Pod): string {
  const { phase = 'Unknown', reason } = pod.status ?? {};
  const base = scheduling(pod)?.reason === 'SchedulingGated' ? 'SchedulingGated' : reason || phase;
  const label = initReason(pod) ?? containerReason(pod, base);
  if (!pod.metadata.deletionTimestamp || isOver(phase)) return label;
  return reason === 'NodeLost' ? 'Unknown' : 'Terminating';
}

const isUnschedulable = (pod: Pod): boolean => scheduling(pod)?.reason === 'Unschedulable';

function detailOf(pod: Pod): string | undefined {
  const waiting = pod.status?.containerStatuses?.map(({ state }) => state?.waiting?.message).find(Boolean);
  return pod.status?.message ?? waiting ?? (isUnschedulable(pod) ? scheduling(pod)?.message : undefined);
}

/** Behaves as kubernetes pkg/printers/internalversion printPod. */
export function podState(pod: Pod): PodState {
  const statuses = pod.status?.containerStatuses ?? [];
  const ready = statuses.filter((status) => status.ready).length;
  const total = pod.spec?.containers.length ?? statuses.length;
  const restartedAt = statuses
    .map((status) => status.lastState?.terminated?.finishedAt ?? '')
    .sort()
    .at(-1);
  const label = labelOf(pod);
  const detail = detailOf(pod);
  return {
    label,
    tone: label === 'Pending' && isUnschedulable(pod) ? 'warn' : toneOf(label, ready === total),
    ready,
    total,
    restarts: statuses.reduce((sum, status) => sum + status.restartCount, 0),
    ...(restartedAt && { restartedAt }),
    ...(detail && { detail }),
  };
}
