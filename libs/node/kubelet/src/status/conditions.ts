import type { ContainerStatus, Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import { allContainersCouldRestart } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { formatTime } from '@binnacle/machinery-context';
import { initContainers, isSidecar } from '../pod/identity.js';
import type { PodPhase } from './phase.js';

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>;
const YES: Verdict = { status: 'True' };

const names = (containers: readonly { name: string }[]) => `[${containers.map(({ name }) => name).join(' ')}]`;

function initialized(
  pod: Pod,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  phase: PodPhase,
): Verdict {
  if (phase === 'Succeeded') return { ...YES, reason: 'PodCompleted' };
  if (main.some((status) => status.containerID)) return YES;
  const waiting = initContainers(pod).filter((container) => {
    const status = init.find(({ name }) => name === container.name);
    return isSidecar(container) ? !status?.started : status?.state?.terminated?.exitCode !== 0;
  });
  if (waiting.length === 0) return YES;
  const message = `containers with incomplete status: ${names(waiting)}`;
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

function containersReady(
  pod: Pod,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  phase: PodPhase,
): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const sidecars = initContainers(pod).filter(isSidecar);
  const counted = [...init.filter(({ name }) => sidecars.some((sidecar) => sidecar.name === name)), ...main];
  const unready = counted.filter((status) => !status.ready);
  if (unready.length === 0) return YES;
  const message = `containers with unready status: ${names(unready)}`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}

function ready(pod: Pod, containers: Verdict): Verdict {
  if (containers.status !== 'True') return containers;
  const unmet = (pod.spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = pod.status?.conditions?.find(({ type }) => type === conditionType);
    if (!found) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    const text = `the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`;
    return found.status === 'True' ? [] : [text];
  });
  return unmet.length === 0 ? YES : { status: 'False', reason: 'ReadinessGatesNotReady', message: unmet.join(', ') };
}

/** Behaves as kubernetes pkg/kubelet/status GenerateAllContainersRestartingCondition. */
function restarting(phase: PodPhase, isRestarting: boolean): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  if (!isRestarting) return { status: 'False' };
  const message = 'container exited with restart policy rule';
  return { status: 'True', reason: 'RestartAllContainersStarted', message };
}

export interface ConditionFacts {
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  readonly phase: PodPhase;
  readonly hasSandbox: boolean;
  /** Whether all containers are on their way to begin again. */
  readonly isRestarting: boolean;
  readonly now: number;
}

/** The conditions the kubelet owns. A condition keeps its time of transition while its status stays. */
export function podConditions(pod: Pod, previous: readonly PodCondition[], facts: ConditionFacts): PodCondition[] {
  const { init, main, phase } = facts;
  const containers = containersReady(pod, init, main, phase);
  const verdicts: Record<string, Verdict> = {
    PodReadyToStartContainers: { status: facts.hasSandbox ? 'True' : 'False' },
    Initialized: initialized(pod, init, main, phase),
    Ready: ready(pod, containers),
    ContainersReady: containers,
    PodScheduled: YES,
    ...(pod.spec &&
      allContainersCouldRestart(pod.spec) && { AllContainersRestarting: restarting(phase, facts.isRestarting) }),
  };
  return Object.entries(verdicts).map(([type, verdict]) => {
    const before = previous.find((condition) => condition.type === type);
    const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : formatTime(facts.now);
    const { generation } = pod.metadata ?? {};
    return {
      type,
      ...(generation !== undefined && { observedGeneration: generation }),
      lastProbeTime: undefined,
      lastTransitionTime,
      ...verdict,
    };
  });
}
