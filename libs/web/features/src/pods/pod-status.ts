import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podFigures } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { Tone } from '@binnacle/web-ui';
import { NO_SURROUNDINGS, type ObjectStatus, type Surroundings } from '../view/kind-view.js';

interface PodState extends ObjectStatus {
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

/** A Pod that should have been gone for so long will not go by itself. */
const OVERDUE_MILLISECONDS = 60_000;

const isOverdue = ({ metadata }: Pod, now: number): boolean =>
  now - Date.parse(metadata.deletionTimestamp ?? '') > OVERDUE_MILLISECONDS;

function plainStatus(pod: Pod, whole: boolean, label: string): ObjectStatus {
  const detail = detailOf(pod, label);
  const tone = label === 'Pending' && isUnschedulable(pod) ? 'warn' : toneOf(label, whole);
  return { tone, label, ...(detail && { detail }) };
}

/** Nobody knows how a Pod is whose node has fallen silent, and nobody there stops one that is to go. */
function lostStatus(pod: Pod, label: string): ObjectStatus {
  const node = pod.spec?.nodeName ?? '';
  return { tone: 'warn', label: `${label},NodeLost`, detail: `Node ${node} is silent: this is the last it has said.` };
}

/** Nothing of it runs any more, whatever becomes of its node. */
export const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

function statusIn(pod: Pod, plain: ObjectStatus, { lostNodes, now }: Surroundings): ObjectStatus {
  if (!isOver(pod) && lostNodes.has(pod.spec?.nodeName ?? '')) return lostStatus(pod, plain.label);
  if (plain.label === 'Terminating' && isOverdue(pod, now)) {
    return { ...plain, tone: 'warn', detail: 'It should have been gone by now.' };
  }
  return plain;
}

/** The same figures and words as kubectl's, how good they are, and whether they are still known to be true. */
export function podState(pod: Pod, around = NO_SURROUNDINGS): PodState {
  const { ready, containers, status, restarts, restartedAt } = podFigures(pod);
  const whole = ready === containers && !isRefused(pod);
  return {
    ...statusIn(pod, plainStatus(pod, whole, status || 'Unknown'), around),
    ready,
    total: containers,
    restarts,
    ...(restartedAt && { restartedAt }),
  };
}
