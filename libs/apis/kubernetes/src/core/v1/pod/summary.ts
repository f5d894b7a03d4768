import { since } from '@binnacle/apis-registry';
import type { ContainerStateTerminated, ContainerStatus, Pod } from '../index.js';

/** How a Pod stands, in figures. Behaves as kubernetes pkg/printers/internalversion printPod. */
export interface PodFigures {
  readonly ready: number;
  /** Containers that keep running: the main ones and the sidecars. */
  readonly containers: number;
  /** The phase or, where that says more, the reason why it is not running. */
  readonly status: string;
  readonly restarts: number;
  /** When a container last ended, RFC 3339; empty where none has. */
  readonly restartedAt: string;
}

/** A Pod in four words. */
export interface PodSummary extends Omit<PodFigures, 'restarts' | 'restartedAt'> {
  /** `3 (5m ago)`, or `0`. */
  readonly restarts: string;
}

interface Tally {
  ready: number;
  restarts: number;
  /** RFC 3339; the greatest is the latest. */
  lastRestart: string;
}

interface InitOutcome {
  readonly sidecars: Tally;
  readonly all: Tally;
  /** Set while an init container has not finished. */
  readonly reason?: string;
}

const emptyTally = (): Tally => ({ ready: 0, restarts: 0, lastRestart: '' });

function count(tally: Tally, status: ContainerStatus): void {
  tally.restarts += status.restartCount;
  const finished = status.lastState?.terminated?.finishedAt ?? '';
  if (finished && (!tally.lastRestart || Date.parse(finished) > Date.parse(tally.lastRestart)))
    tally.lastRestart = finished;
}

function terminatedReason({ reason, signal, exitCode }: ContainerStateTerminated): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function initReason(status: ContainerStatus, index: number, total: number): string {
  const { terminated, waiting } = status.state ?? {};
  if (terminated) return `Init:${terminatedReason(terminated)}`;
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
  return `Init:${index}/${total}`;
}

/** Whether the container lets the next one start: it has done its work, or is a sidecar that runs. */
function isPast(status: ContainerStatus, sidecar: boolean): boolean {
  return status.state?.terminated?.exitCode === 0 || (sidecar && status.started === true);
}

function countInit(outcome: InitOutcome, status: ContainerStatus, sidecar: boolean): void {
  count(outcome.all, status);
  if (!sidecar) return;
  count(outcome.sidecars, status);
  if (status.started && status.ready && !status.state?.terminated) outcome.sidecars.ready += 1;
}

function summariseInit(pod: Pod, sidecarNames: ReadonlySet<string>): InitOutcome {
  const outcome: InitOutcome = { sidecars: emptyTally(), all: emptyTally() };
  const statuses = pod.status?.initContainerStatuses ?? [];
  for (const [index, status] of statuses.entries()) {
    const sidecar = sidecarNames.has(status.name);
    countInit(outcome, status, sidecar);
    if (!isPast(status, sidecar))
      return { ...outcome, reason: initReason(status, index, pod.spec?.initContainers?.length ?? 0) };
  }
  return outcome;
}

function containerReason({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  return state?.terminated ? terminatedReason(state.terminated) : undefined;
}

interface MainOutcome {
  readonly reason: string;
  readonly running: boolean;
}

function summariseMain(pod: Pod, reason: string, tally: Tally): MainOutcome {
  let outcome: MainOutcome = { reason, running: false };
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    count(tally, status);
    const problem = containerReason(status);
    if (problem) outcome = { ...outcome, reason: problem };
    else if (status.ready && status.state?.running) {
      outcome = { ...outcome, running: true };
      tally.ready += 1;
    }
  }
  return outcome;
}

function hasCondition(pod: Pod, type: string): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

function baseReason(pod: Pod): string {
  const gated = pod.status?.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  return gated ? 'SchedulingGated' : pod.status?.reason || pod.status?.phase || '';
}

function withDeletion(pod: Pod, reason: string): string {
  if (!pod.metadata.deletionTimestamp) return reason;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return finished ? reason : 'Terminating';
}

function settle(pod: Pod, { reason, running }: MainOutcome): string {
  if (reason !== 'Completed' || !running) return reason;
  return hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
}

function figuresOf({ ready, restarts, lastRestart }: Tally): Pick<PodFigures, 'ready' | 'restarts' | 'restartedAt'> {
  return { ready, restarts, restartedAt: lastRestart };
}

export function podFigures(pod: Pod): PodFigures {
  const sidecarNames = new Set(
    (pod.spec?.initContainers ?? [])
      .filter((container) => container.restartPolicy === 'Always')
      .map((container) => container.name),
  );
  const containers = (pod.spec?.containers?.length ?? 0) + sidecarNames.size;
  const init = summariseInit(pod, sidecarNames);
  if (init.reason && !hasCondition(pod, 'Initialized')) {
    const figures = figuresOf({ ...init.all, ready: init.sidecars.ready });
    return { ...figures, containers, status: withDeletion(pod, init.reason) };
  }
  const tally = init.sidecars;
  const status = withDeletion(pod, settle(pod, summariseMain(pod, init.reason ?? baseReason(pod), tally)));
  return { ...figuresOf(tally), containers, status };
}

/** `now` is milliseconds since the epoch. */
export function podSummary(pod: Pod, now: number): PodSummary {
  const { restarts, restartedAt, ...figures } = podFigures(pod);
  const text = restarts > 0 && restartedAt ? `${restarts} (${since(restartedAt, now)} ago)` : String(restarts);
  return { ...figures, restarts: text };
}
