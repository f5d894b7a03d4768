import type { ContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { initContainers, isSidecar } from '../pod/identity.js';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

type Standing = 'waiting' | 'running' | 'succeeded' | 'failed';

/** A container that waits to run again counts by how it last ended. */
function standing(status: ContainerStatus): Standing {
  if (status.state?.running) return 'running';
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  if (!ended) return 'waiting';
  return ended.exitCode === 0 ? 'succeeded' : 'failed';
}

function initStanding(pod: Pod, statuses: readonly ContainerStatus[]): 'pending' | 'failed' | 'done' {
  for (const container of initContainers(pod)) {
    const status = statuses.find(({ name }) => name === container.name);
    if (isSidecar(container)) {
      if (status && (status.started || status.state?.terminated)) continue;
      return 'pending';
    }
    const ended = status?.state?.terminated;
    if (!ended) return 'pending';
    if (ended.exitCode !== 0)
      return (container.restartPolicy ?? pod.spec?.restartPolicy) === 'Never' ? 'failed' : 'pending';
  }
  return 'done';
}

/** Behaves as kubernetes pkg/kubelet getPhase. */
export function podPhase(
  pod: Pod,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  isTerminal: boolean,
): PodPhase {
  const standings = main.map(standing);
  const every = (...wanted: Standing[]) => standings.every((each) => wanted.includes(each));
  if (isTerminal) return every('succeeded') && initStanding(pod, init) !== 'failed' ? 'Succeeded' : 'Failed';
  const begun = main.some((status) => status.containerID);
  if (!begun) {
    const initialized = initStanding(pod, init);
    if (initialized === 'failed') return 'Failed';
    if (initialized === 'pending') return 'Pending';
  }
  if (standings.includes('waiting')) return 'Pending';
  if (standings.includes('running')) return 'Running';
  const policy = pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Always' || main.some((status) => status.state?.waiting)) return 'Running';
  if (every('succeeded')) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}
