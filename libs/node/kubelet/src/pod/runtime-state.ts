import type { Context } from '@binnacle/machinery-context';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type {
  ContainerState as ApiContainerState,
  ContainerStatus as ApiContainerStatus,
} from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerStatus, PodSandboxStatus, RuntimeService } from '@binnacle/node-cri';
import { podUid } from './identity.js';

/** What there is of one Pod: in its runtime and, where that has forgotten, by what was reported before. Newest first. */
export interface PodRuntimeState {
  readonly sandboxes: readonly PodSandboxStatus[];
  readonly containers: readonly ContainerStatus[];
}

export async function observePod(
  ctx: Context,
  runtime: RuntimeService,
  pod: Pod,
  lost: readonly ContainerStatus[],
): Promise<PodRuntimeState> {
  const sandboxes = await runtime.listPodSandboxes(ctx, { podUid: podUid(pod) });
  const lists = await Promise.all(sandboxes.map(({ id }) => runtime.listContainers(ctx, id)));
  const containers = [...lists.flat(), ...lost];
  return {
    sandboxes: [...sandboxes].sort((a, b) => b.metadata.attempt - a.metadata.attempt || b.createdAt - a.createdAt),
    containers: containers.sort((a, b) => b.metadata.attempt - a.metadata.attempt || b.createdAt - a.createdAt),
  };
}

export function readySandbox(state: PodRuntimeState): PodSandboxStatus | undefined {
  return state.sandboxes.find((sandbox) => sandbox.state === 'ready');
}

export function latestContainer(state: PodRuntimeState, name: string): ContainerStatus | undefined {
  return state.containers.find((container) => container.metadata.name === name);
}

const time = (text: string | undefined): number | undefined => (text ? Date.parse(text) : undefined);

/** When and how it ended, as far as anybody saw. */
function lostEnd({ terminated, running }: ApiContainerState, now: number) {
  const { exitCode = 255, reason = 'Unknown', message, finishedAt, startedAt } = terminated ?? {};
  const begin = time(startedAt ?? running?.startedAt) ?? now;
  return { createdAt: begin, startedAt: begin, finishedAt: time(finishedAt) ?? now, exitCode, reason, message };
}

function lostContainer(reported: ApiContainerStatus, state: ApiContainerState, now: number): ContainerStatus {
  return {
    id: reported.containerID?.replace(/^[a-z-]+:\/\//, '') ?? '',
    sandboxId: '',
    metadata: { name: reported.name, attempt: reported.restartCount },
    state: 'exited',
    ...lostEnd(state, now),
    image: reported.image,
    imageRef: reported.imageID,
    logPath: '',
    labels: {},
    annotations: {},
  };
}

const FORGOTTEN = 'forgotten';

/** Whether a container was removed so that its Pod begins again, and so is to be run whatever its policy says. */
export const isForgotten = ({ annotations }: ContainerStatus): boolean => annotations[FORGOTTEN] !== undefined;

const forgotten = (container: ContainerStatus): ContainerStatus => ({
  ...container,
  sandboxId: '',
  annotations: { [FORGOTTEN]: '' },
});

/** What stays known of containers, newest first, that the runtime is made to forget: the newest of each name. */
export function forgottenContainers(containers: readonly ContainerStatus[]): ContainerStatus[] {
  const newest = new Map<string, ContainerStatus>();
  for (const container of containers)
    if (!newest.has(container.metadata.name)) newest.set(container.metadata.name, container);
  return [...newest.values()].map(forgotten);
}

/** Whether a Pod was beginning again when it was last reported. */
const wasRestarting = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'AllContainersRestarting' && is === 'True') ?? false;

/**
 * The containers a runtime no longer knows, as after a node lost its power, from what was last reported of them: they
 * ended, with an exit code nobody saw, and their restarts go on counting.
 */
export function lostContainers(pod: Pod, known: readonly ContainerStatus[], now: number): ContainerStatus[] {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const reported = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  return reported.flatMap((status) => {
    if (!status.containerID || known.some((container) => container.metadata.name === status.name)) return [];
    const state = status.state?.waiting ? (status.lastState ?? {}) : (status.state ?? {});
    const lost = lostContainer(status, state, now);
    return [wasRestarting(pod) ? forgotten(lost) : lost];
  });
}
