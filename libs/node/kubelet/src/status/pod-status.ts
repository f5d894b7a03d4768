import type { ContainerStatus as ApiContainerStatus, Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { formatTime } from '@binnacle/machinery-context';
import { initContainers, mainContainers } from '../pod/identity.js';
import { qosClass } from '../pod/qos.js';
import { type PodRuntimeState, readySandbox } from '../pod/runtime-state.js';
import { podConditions } from './conditions.js';
import { type ContainerFacts, containerStatuses } from './container-status.js';
import { podPhase } from './phase.js';

export interface PodFacts extends ContainerFacts {
  readonly now: number;
  readonly hostIP: string;
  /** The Pod has ended for good: no container of it runs, none will. */
  readonly isTerminal: boolean;
  /** Overrides the phase, as eviction and deadlines do. */
  readonly failed?: { readonly reason: string; readonly message: string };
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

const shownContainers = (init: ApiContainerStatus[], main: ApiContainerStatus[]) => ({
  ...(init.length > 0 && { initContainerStatuses: init }),
  containerStatuses: main,
});

/** The whole status of a Pod as its node sees it. `previous` is what was last told. */
export function podStatus(pod: Pod, previous: PodStatus, state: PodRuntimeState, facts: PodFacts): PodStatus {
  const { now, hostIP, failed, isRejected } = facts;
  const init = containerStatuses(pod, initContainers(pod), state, facts);
  const main = containerStatuses(pod, mainContainers(pod), state, facts);
  const phase = failed ? 'Failed' : podPhase(pod, init, main, facts.isTerminal);
  const hasSandbox = readySandbox(state) !== undefined;
  const { generation } = pod.metadata ?? {};
  return {
    phase,
    ...(generation !== undefined && { observedGeneration: generation }),
    ...failed,
    conditions: podConditions(pod, previous.conditions ?? [], { init, main, phase, hasSandbox, now }),
    ...addresses(pod, state, hostIP),
    startTime: previous.startTime ?? pod.status?.startTime ?? formatTime(now),
    ...(!isRejected && shownContainers(init, main)),
    qosClass: pod.status?.qosClass ?? qosClass(pod),
  };
}
