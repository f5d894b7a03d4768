import type { ContainerStatus as ApiContainerStatus, Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { podQosClass } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { formatTime } from '@binnacle/machinery-context';
import { restartsAll } from '../plan/restart-policy.js';
import { ephemeralContainers, initContainers, mainContainers } from '../pod/identity.js';
import type { ResizeState } from '../allocation/allocations.js';
import { isForgotten, latestContainer, type PodRuntimeState, readySandbox } from '../pod/runtime-state.js';
import { podConditions } from './conditions.js';
import { type ContainerFacts, containerStatuses } from './container-status.js';
import { podPhase } from './phase.js';
import { resizeConditions } from './resize-conditions.js';

export interface PodFacts extends ContainerFacts {
  readonly now: number;
  readonly hostIP: string;
  /** The Pod has ended for good: no container of it runs, none will. */
  readonly isTerminal: boolean;
  /** Overrides the phase, as eviction and deadlines do. */
  readonly failed?: { readonly reason: string; readonly message: string };
  readonly resize?: ResizeState;
  /** The node never began with it: there is nothing to tell of its containers. */
  readonly isRejected?: boolean;
}

function addresses(
  pod: Pod,
  state: PodRuntimeState,
  hostIP: string,
): Pick<PodStatus, 'podIP' | 'podIPs' | 'hostIP' | 'hostIPs'> {
  const sandboxIp = pod.spec?.hostNetwork ? hostIP : state.sandboxes[0]?.ip;
  const podIP = sandboxIp || pod.status?.podIP;
  return { hostIP, hostIPs: [{ ip: hostIP }], ...(podIP && { podIP, podIPs: [{ ip: podIP }] }) };
}

type Statuses = readonly ApiContainerStatus[];

/** Nothing depends on an ephemeral container: it is never ready, nobody waits for it to have started, and it has no size. */
const ephemeralStatuses = (statuses: Statuses): ApiContainerStatus[] =>
  statuses.map(({ started: _, resources: __, allocatedResources: ___, ...status }) => ({ ...status, ready: false }));

const shownContainers = (init: Statuses, main: Statuses, ephemeral: Statuses) => ({
  ...(init.length > 0 && { initContainerStatuses: [...init] }),
  containerStatuses: [...main],
  ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeralStatuses(ephemeral) }),
});

/** From the end that asks for it until the runtime has forgotten what ended. */
function isRestarting(pod: Pod, state: PodRuntimeState): boolean {
  return [...initContainers(pod), ...mainContainers(pod)].some((container) => {
    const now = latestContainer(state, container.name);
    return now !== undefined && !isForgotten(now) && restartsAll(container, now);
  });
}

const observed = ({ metadata: { generation } }: Pod): Pick<PodStatus, 'observedGeneration'> =>
  generation === undefined ? {} : { observedGeneration: generation };

/** A Pod that has ended gets no other size any more. */
const resizeOf = ({ isTerminal, resize = {} }: PodFacts): ResizeState => (isTerminal ? {} : resize);

/** What the Pod as a whole was given. */
function wholeSize({ spec }: Pod): Pick<PodStatus, 'allocatedResources' | 'resources'> {
  const { requests, limits } = spec?.resources ?? {};
  if (!requests && !limits) return {};
  return { ...(requests && { allocatedResources: requests }), resources: spec?.resources };
}

/** The whole status of a Pod as its node sees it. `previous` is what was last told. */
export function podStatus(pod: Pod, previous: PodStatus, state: PodRuntimeState, facts: PodFacts): PodStatus {
  const { now, hostIP, failed, isRejected } = facts;
  const init = containerStatuses(pod, initContainers(pod), state, facts);
  const main = containerStatuses(pod, mainContainers(pod), state, facts);
  const ephemeral = containerStatuses(pod, ephemeralContainers(pod), state, facts);
  const phase = failed ? 'Failed' : podPhase(pod, init, main, facts.isTerminal);
  const standing = { hasSandbox: readySandbox(state) !== undefined, isRestarting: isRestarting(pod, state) };
  return {
    phase,
    ...observed(pod),
    ...failed,
    conditions: [
      ...resizeConditions(resizeOf(facts), previous.conditions ?? [], now),
      ...podConditions(pod, previous.conditions ?? [], { init, main, phase, ...standing, now }),
    ],
    ...addresses(pod, state, hostIP),
    startTime: previous.startTime ?? pod.status?.startTime ?? formatTime(now),
    ...(!isRejected && { ...shownContainers(init, main, ephemeral), ...wholeSize(pod) }),
    qosClass: pod.status?.qosClass ?? podQosClass(pod),
  };
}
