import type {
  Container,
  ContainerState as ApiContainerState,
  ContainerStatus as ApiContainerStatus,
  ContainerStateTerminated,
  Pod,
} from '@binnacle/apis-kubernetes/core/v1';
import { formatTime } from '@binnacle/machinery-context';
import type { ContainerStatus } from '@binnacle/node-cri';
import { shownSize } from '../pod/container-size.js';
import { initContainers, isSidecar } from '../pod/identity.js';
import type { PodRuntimeState } from '../pod/runtime-state.js';

/** Why a container is not running although it should. */
export interface Waiting {
  readonly reason: string;
  readonly message?: string;
}

/** What a container's status is made from besides the runtime. */
export interface ContainerFacts {
  readonly runtimeName: string;
  /** By container name. */
  readonly waiting: ReadonlyMap<string, Waiting>;
  ready(containerId: string): boolean;
  started(containerId: string): boolean;
}

const text = (time: number | undefined): string | undefined => (time === undefined ? undefined : formatTime(time));

function terminated(container: ContainerStatus, runtimeName: string): ContainerStateTerminated {
  return {
    exitCode: container.exitCode ?? 0,
    reason: container.reason ?? (container.exitCode ? 'Error' : 'Completed'),
    ...(container.message && { message: container.message }),
    startedAt: text(container.startedAt),
    finishedAt: text(container.finishedAt),
    containerID: `${runtimeName}://${container.id}`,
  };
}

function stateOf(container: ContainerStatus | undefined, waiting: Waiting, runtimeName: string): ApiContainerState {
  if (container?.state === 'running') return { running: { startedAt: text(container.startedAt) } };
  if (container?.state === 'exited') return { terminated: terminated(container, runtimeName) };
  return { waiting };
}

const hasCompleted = (container: Container, now: ContainerStatus): boolean =>
  !isSidecar(container) && now.state === 'exited' && now.exitCode === 0;

function idle(container: Container, waiting: Waiting): ApiContainerStatus {
  const image = container.image ?? '';
  return {
    name: container.name,
    state: { waiting },
    lastState: {},
    ready: false,
    restartCount: 0,
    image,
    imageID: '',
    started: false,
  };
}

/** What is shown of a container's newest run, and of the one before. */
function shownStates(
  runs: readonly ContainerStatus[],
  fallback: Waiting,
  waiting: Waiting | undefined,
  runtimeName: string,
) {
  const [now, before] = runs;
  // A waiting reason hides how the last run ended, which then is the last state.
  const hidden = waiting !== undefined && now?.state !== 'running';
  const last = hidden && now?.state === 'exited' ? now : before;
  return {
    state: hidden ? { waiting } : stateOf(now, fallback, runtimeName),
    lastState: last?.state === 'exited' ? { terminated: terminated(last, runtimeName) } : {},
  };
}

/** What it was given, and what it has. */
const sizeOf = (container: Container, now: ContainerStatus) => ({
  ...(container.resources?.requests && { allocatedResources: container.resources.requests }),
  resources: shownSize(container, now),
});

function containerStatus(
  pod: Pod,
  container: Container,
  state: PodRuntimeState,
  facts: ContainerFacts,
): ApiContainerStatus {
  const isInit = initContainers(pod).includes(container);
  const fallback = { reason: initContainers(pod).length > 0 ? 'PodInitializing' : 'ContainerCreating' };
  const waiting = facts.waiting.get(container.name);
  const runs = state.containers.filter(({ metadata }) => metadata.name === container.name);
  const [now] = runs;
  if (!now) return idle(container, waiting ?? fallback);
  const serves = now.state === 'running' && (!isInit || isSidecar(container));
  return {
    name: container.name,
    ...shownStates(runs, fallback, waiting, facts.runtimeName),
    ready: serves ? facts.started(now.id) && facts.ready(now.id) : isInit && hasCompleted(container, now),
    restartCount: now.metadata.attempt,
    image: now.image,
    imageID: now.imageRef,
    containerID: `${facts.runtimeName}://${now.id}`,
    started: serves && facts.started(now.id),
    ...sizeOf(container, now),
  };
}

export function containerStatuses(
  pod: Pod,
  containers: readonly Container[],
  state: PodRuntimeState,
  facts: ContainerFacts,
): ApiContainerStatus[] {
  return containers.map((container) => containerStatus(pod, container, state, facts));
}
