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

/** The first init container that is not done decides; undefined when all are. */
function initReason(pod: Pod): string | undefined {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const restartable = new Set(
    (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name),
  );
  for (const [index, status] of statuses.entries()) {
    if (status.state?.terminated?.exitCode === 0) continue;
    if (restartable.has(status.name) && status.started) continue;
    const reason = stoppedReason(status);
    if (reason && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${index}/${pod.spec?.initContainers?.length ?? statuses.length}`;
  }
  return undefined;
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

function labelOf(pod: Pod): string {
  const { phase = 'Unknown', reason } = pod.status ?? {};
  const gated = pod.status?.conditions?.find((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated');
  const base = gated ? 'SchedulingGated' : reason || phase;
  const label = initReason(pod) ?? containerReason(pod, base);
  if (!pod.metadata.deletionTimestamp) return label;
  return reason === 'NodeLost' ? 'Unknown' : phase === 'Succeeded' || phase === 'Failed' ? label : 'Terminating';
}

function detailOf(pod: Pod): string | undefined {
  const waiting = pod.status?.containerStatuses?.find((status) => status.state?.waiting?.message)?.state?.waiting;
  const unscheduled = pod.status?.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False');
  return pod.status?.message ?? waiting?.message ?? unscheduled?.message;
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
    tone: toneOf(label, ready === total),
    ready,
    total,
    restarts: statuses.reduce((sum, status) => sum + status.restartCount, 0),
    ...(restartedAt && { restartedAt }),
    ...(detail && { detail }),
  };
}
