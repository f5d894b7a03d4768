import type { Container, ContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { shouldRestart } from '../plan/restart-policy.js';
import { initContainers, isSidecar, mainContainers } from '../pod/identity.js';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

type Standing = 'waiting' | 'running' | 'succeeded' | 'failed';

/** A container that waits to run again counts by how it last ended. */
function standing(status: ContainerStatus): Standing {
  if (status.state?.running) return 'running';
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  if (!ended) return 'waiting';
  return ended.exitCode === 0 ? 'succeeded' : 'failed';
}

type InitStanding = 'pending' | 'failed' | 'done';

function standingOfInit(pod: Pod, container: Container, status: ContainerStatus | undefined): InitStanding {
  const { started, state } = status ?? {};
  const ended = state?.terminated;
  const passed = isSidecar(container) ? started || ended !== undefined : ended?.exitCode === 0;
  if (passed) return 'done';
  return ended && !shouldRestart(pod, container, ended) ? 'failed' : 'pending';
}

/** Where the first init container stands that is not done. */
function initStanding(pod: Pod, statuses: readonly ContainerStatus[]): InitStanding {
  const standings = initContainers(pod).map((container) =>
    standingOfInit(
      pod,
      container,
      statuses.find(({ name }) => name === container.name),
    ),
  );
  return standings.find((each) => each !== 'done') ?? 'done';
}

function terminalPhase(initialized: InitStanding, standings: readonly Standing[]): PodPhase {
  return initialized !== 'failed' && standings.every((each) => each === 'succeeded') ? 'Succeeded' : 'Failed';
}

function runsAgain(pod: Pod, { name, state }: ContainerStatus): boolean {
  const container = mainContainers(pod).find((each) => each.name === name) ?? { name };
  return state?.terminated !== undefined && shouldRestart(pod, container, state.terminated);
}

/** Of a Pod of which something ran and nothing does now. */
function endedPhase(pod: Pod, main: readonly ContainerStatus[], standings: readonly Standing[]): PodPhase {
  if (main.some((status) => status.state?.waiting || runsAgain(pod, status))) return 'Running';
  return standings.every((each) => each === 'succeeded') ? 'Succeeded' : 'Failed';
}

/** Behaves as kubernetes pkg/kubelet getPhase. */
export function podPhase(
  pod: Pod,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  isTerminal: boolean,
): PodPhase {
  const standings = main.map(standing);
  const initialized = main.some((status) => status.containerID) ? 'done' : initStanding(pod, init);
  if (isTerminal) return terminalPhase(initialized, standings);
  if (initialized === 'failed') return 'Failed';
  if (initialized === 'pending' || standings.includes('waiting')) return 'Pending';
  return standings.includes('running') ? 'Running' : endedPhase(pod, main, standings);
}
