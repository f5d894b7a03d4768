import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerStatus } from '@binnacle/node-cri';
import { unlike } from '../pod/container-size.js';
import {
  CONTAINER_HASH_ANNOTATION,
  containerHash,
  ephemeralContainers,
  initContainers,
  isSidecar,
  mainContainers,
} from '../pod/identity.js';
import { isForgotten, latestContainer, type PodRuntimeState, readySandbox } from '../pod/runtime-state.js';
import { restartsAll, restartsAtAll, shouldRestart } from './restart-policy.js';

/** What probes say of a running container; undefined is not known yet. */
export interface ProbeVerdicts {
  live(containerId: string): boolean | undefined;
  started(containerId: string): boolean | undefined;
}

export interface StartContainer {
  readonly container: Container;
  readonly attempt: number;
}

export interface KillContainer {
  readonly container: Container;
  readonly containerId: string;
  readonly message: string;
  readonly reason: 'livenessProbe' | 'startupProbe' | 'changed' | 'resized';
}

export interface ResizeContainer {
  readonly container: Container;
  readonly running: ContainerStatus;
}

export interface PodPlan {
  /** Everything ended, or the sandbox is gone: stop what is left. */
  readonly killPod: boolean;
  /** The end of a container begins all of them again: end, forget and start every one, in this sandbox. */
  readonly restartAll?: boolean;
  /** Attempt number of the sandbox to make; undefined keeps the one there is. */
  readonly createSandbox?: number;
  readonly start: readonly StartContainer[];
  readonly kill: readonly KillContainer[];
  /** Those that get another size as they run. */
  readonly resize: readonly ResizeContainer[];
}

const NOTHING: PodPlan = { killPod: false, start: [], kill: [], resize: [] };

interface Facts {
  readonly pod: Pod;
  readonly state: PodRuntimeState;
  /** The containers of the sandbox that runs now. */
  readonly current: PodRuntimeState;
  readonly verdicts: ProbeVerdicts;
}

type Step = {
  readonly start?: StartContainer;
  readonly kill?: KillContainer;
  readonly resize?: ResizeContainer;
};

function startOf({ state }: Facts, container: Container): StartContainer {
  const last = latestContainer(state, container.name);
  return { container, attempt: last ? last.metadata.attempt + 1 : 0 };
}

function killReason({ verdicts }: Facts, container: Container, running: ContainerStatus) {
  const hash = running.annotations[CONTAINER_HASH_ANNOTATION];
  if (hash !== undefined && hash !== containerHash(container)) {
    return { reason: 'changed' as const, message: `Container ${container.name} definition changed, will be restarted` };
  }
  const failed =
    verdicts.live(running.id) === false
      ? 'liveness'
      : verdicts.started(running.id) === false && container.startupProbe
        ? 'startup'
        : undefined;
  if (!failed) return undefined;
  const message = `Container ${container.name} failed ${failed} probe`;
  return { reason: failed === 'liveness' ? ('livenessProbe' as const) : ('startupProbe' as const), message };
}

/** Another size, as it runs or by running it again. Behaves as kubernetes pkg/kubelet/kuberuntime computePodResizeAction. */
function planSize(facts: Facts, container: Container, running: ContainerStatus): Step {
  const parts: readonly string[] = unlike(container, running);
  if (parts.length === 0) return {};
  const restarts = container.resizePolicy?.some(
    ({ resourceName, restartPolicy }) => parts.includes(resourceName) && restartPolicy === 'RestartContainer',
  );
  if (!restarts) return { resize: { container, running } };
  const message = `Container ${container.name} resize requires restart`;
  return { kill: { container, containerId: running.id, message, reason: 'resized' }, start: startOf(facts, container) };
}

/** What a running container needs: nothing, another size, or to be ended and, where its policy says so, run again. */
function planRunning(facts: Facts, container: Container, running: ContainerStatus): Step {
  const why = killReason(facts, container, running);
  if (!why) return planSize(facts, container, running);
  const again = why.reason === 'changed' || restartsAtAll(facts.pod, container);
  const message = again && why.reason !== 'changed' ? `${why.message}, will be restarted` : why.message;
  const kill = { container, containerId: running.id, message, reason: why.reason };
  return { kill, ...(again && { start: startOf(facts, container) }) };
}

function planMain(facts: Facts, container: Container): Step {
  const now = latestContainer(facts.current, container.name);
  if (now?.state === 'running') return planRunning(facts, container, now);
  const before = now ?? latestContainer(facts.state, container.name);
  const over = before?.state === 'exited' && !isForgotten(before) && !shouldRestart(facts.pod, container, before);
  return over ? {} : { start: startOf(facts, container) };
}

type InitStep = Step & { readonly next: 'wait' | 'go on' | 'fail' };

function planRunningInit(facts: Facts, container: Container, running: ContainerStatus): InitStep {
  const step = planRunning(facts, container, running);
  const started = !container.startupProbe || facts.verdicts.started(running.id) === true;
  return { ...step, next: isSidecar(container) && !step.kill && started ? 'go on' : 'wait' };
}

function planInit(facts: Facts, container: Container): InitStep {
  const now = latestContainer(facts.current, container.name);
  if (now?.state === 'running') return planRunningInit(facts, container, now);
  if (now?.state !== 'exited') return { start: startOf(facts, container), next: 'wait' };
  if (!isSidecar(container) && now.exitCode === 0) return { next: 'go on' };
  if (!shouldRestart(facts.pod, container, now)) return { next: 'fail' };
  return { start: startOf(facts, container), next: 'wait' };
}

function collect(steps: readonly Step[], killPod = false): PodPlan {
  return {
    killPod,
    start: steps.flatMap((step) => step.start ?? []),
    kill: steps.flatMap((step) => step.kill ?? []),
    resize: steps.flatMap((step) => step.resize ?? []),
  };
}

function planInitContainers(facts: Facts): { steps: Step[]; outcome: InitStep['next'] } {
  const steps: Step[] = [];
  for (const container of initContainers(facts.pod)) {
    const step = planInit(facts, container);
    steps.push(step);
    if (step.next !== 'go on') return { steps, outcome: step.next };
  }
  return { steps, outcome: 'go on' };
}

/** After the main containers have begun, only sidecars are looked after among the init containers. */
function planSidecars(facts: Facts): Step[] {
  return initContainers(facts.pod)
    .filter(isSidecar)
    .map((container) => planMain(facts, container));
}

function beginsAgain({ pod, current }: Facts): boolean {
  return [...initContainers(pod), ...mainContainers(pod)].some((container) => {
    const now = latestContainer(current, container.name);
    return now !== undefined && restartsAll(container, now);
  });
}

/** Each is started once, however far the others are. */
function planEphemeral(facts: Facts): Step[] {
  const isNew = ({ name }: Container) => latestContainer(facts.state, name) === undefined;
  return ephemeralContainers(facts.pod)
    .filter(isNew)
    .map((container) => ({ start: startOf(facts, container) }));
}

function planInSandbox(facts: Facts): PodPlan {
  if (beginsAgain(facts)) return { ...NOTHING, restartAll: true };
  const plan = planContainers(facts);
  return plan.killPod ? plan : { ...plan, start: [...plan.start, ...collect(planEphemeral(facts)).start] };
}

function planContainers(facts: Facts): PodPlan {
  const mains = mainContainers(facts.pod);
  const begun = mains.some((container) => latestContainer(facts.current, container.name));
  const init = begun ? { steps: planSidecars(facts), outcome: 'go on' as const } : planInitContainers(facts);
  if (init.outcome === 'fail') return collect(init.steps, true);
  if (init.outcome === 'wait') return collect(init.steps);
  const steps = mains.map((container) => planMain(facts, container));
  const running = mains.some((container) => latestContainer(facts.current, container.name)?.state === 'running');
  const over = !running && steps.every((step) => !step.start);
  return over ? { ...NOTHING, killPod: true } : collect([...init.steps, ...steps]);
}

function planWithoutSandbox(facts: Facts): PodPlan {
  const { state, pod } = facts;
  const attempt =
    state.sandboxes.length > 0 ? (state.sandboxes[0]?.metadata.attempt ?? 0) + 1 : state.containers.length > 0 ? 1 : 0;
  const mains = mainContainers(pod);
  const starts = mains.map((container) => planMain(facts, container)).flatMap((step) => step.start ?? []);
  const ran = state.containers.some((container) => !isForgotten(container));
  const neverAgain = mains.every((container) => !restartsAtAll(pod, container)) && ran;
  if (starts.length === 0 || neverAgain) return { ...NOTHING, killPod: true };
  const [firstInit] = initContainers(pod);
  const start = firstInit ? [startOf(facts, firstInit)] : starts;
  return { ...NOTHING, killPod: true, createSandbox: attempt, start };
}

/**
 * Decides what is to be done for a Pod that should run, from what there is of it now.
 * Behaves as kubernetes pkg/kubelet/kuberuntime computePodActions.
 */
export function planPod(pod: Pod, state: PodRuntimeState, verdicts: ProbeVerdicts): PodPlan {
  const sandbox = readySandbox(state);
  const containers = sandbox ? state.containers.filter((container) => container.sandboxId === sandbox.id) : [];
  const facts = { pod, state, current: { sandboxes: state.sandboxes, containers }, verdicts };
  return sandbox ? planInSandbox(facts) : planWithoutSandbox(facts);
}

/** Whether a container that runs does not have yet what it was given. */
export function isResizing(pod: Pod, state: PodRuntimeState): boolean {
  return [...initContainers(pod), ...mainContainers(pod)].some((container) => {
    const now = latestContainer(state, container.name);
    return now !== undefined && unlike(container, now).length > 0;
  });
}
