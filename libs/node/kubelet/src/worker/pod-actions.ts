import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Pod, Probe } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { ContainerStatus, PodSandboxStatus } from '@binnacle/node-cri';
import { containerSize } from '../pod/container-size.js';
import type { KillContainer, PodPlan, ResizeContainer, StartContainer } from '../plan/plan-pod.js';
import { restartsAll } from '../plan/restart-policy.js';
import { findContainer, podLogDirectoryName, podUid } from '../pod/identity.js';
import { latestContainer, type PodRuntimeState, readySandbox } from '../pod/runtime-state.js';
import type { Waiting } from '../status/container-status.js';
import { sandboxConfig } from './container-config.js';
import { dnsConfig } from './dns-config.js';
import { ContainerStarter } from './container-starter.js';
import type { NodeServices } from './services.js';
import { StartFailure } from './start-failure.js';
import { stopContainer, stopContainers } from './termination.js';

const RETRY_MILLISECONDS = 10_000;
const DEFAULT_GRACE_SECONDS = 30;
/** Ended runs of a container that are kept, for `kubectl logs --previous`. */
const KEPT_RUNS = 2;

type Observe = () => Promise<PodRuntimeState>;

/** Carries out what was planned for a Pod. */
export class PodActions {
  private readonly starter: ContainerStarter;

  constructor(
    private readonly node: NodeServices,
    private readonly waiting: Map<string, Waiting>,
  ) {
    this.starter = new ContainerStarter(node);
  }

  /** Answers when to look again, where something has to wait. */
  async carryOut(ctx: Context, pod: Pod, plan: PodPlan, observe: Observe): Promise<number | undefined> {
    const before = await observe();
    if (plan.killPod) await this.stopSandboxes(ctx, before);
    await Promise.all(plan.kill.map((kill) => this.kill(ctx, pod, kill, before)));
    if (plan.createSandbox !== undefined) await this.createSandbox(ctx, pod, plan.createSandbox);
    const times: number[] = [];
    for (const resize of plan.resize) {
      const again = await this.resize(ctx, pod, resize);
      if (again !== undefined) times.push(again);
    }
    if (plan.start.length > 0) times.push(...(await this.startAll(ctx, pod, plan, observe)));
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  private async startAll(ctx: Context, pod: Pod, plan: PodPlan, observe: Observe): Promise<number[]> {
    const state = await observe();
    const sandbox = readySandbox(state);
    if (!sandbox) throw new Error('the sandbox is not ready');
    const times: number[] = [];
    for (const start of plan.start) {
      const again = await this.start(ctx, pod, sandbox, start, state);
      if (again !== undefined) times.push(again);
    }
    return times;
  }

  /** Gives a container its size as it runs; answers when to try again. */
  private async resize(ctx: Context, pod: Pod, resize: ResizeContainer): Promise<number | undefined> {
    const { runtime, allocations } = this.node;
    try {
      await this.checkMemory(ctx, resize);
      await runtime.updateContainerResources(ctx, resize.running.id, containerSize(resize.container));
      return undefined;
    } catch (error) {
      allocations.failed(pod, error instanceof Error ? error.message : String(error));
      return ctx.clock.now() + RETRY_MILLISECONDS;
    }
  }

  /** No container is left with less memory than it uses. */
  private async checkMemory(ctx: Context, { container, running }: ResizeContainer): Promise<void> {
    const limit = containerSize(container).limits.memoryBytes;
    const before = running.size?.limits.memoryBytes ?? Number.POSITIVE_INFINITY;
    if (limit === undefined || limit >= before) return;
    const { memoryBytes: used } = await this.node.runtime.containerStats(ctx, running.id);
    if (limit >= used) return;
    const what = `attempting to set container "${container.name}" memory limit`;
    throw new Error(`${what} (${limit}) below current usage (${used})`);
  }

  /** Ends what runs, without grace: all of it is to begin again. */
  async endAll(ctx: Context, pod: Pod, state: PodRuntimeState): Promise<void> {
    const podIp = readySandbox(state)?.ip || this.node.hostIp;
    const message = (name: string) => `Container ${name} is stopped because all containers are restarted`;
    await stopContainers(ctx, this.node, pod, state, { graceSeconds: 0, podIp, message });
  }

  /** Removes all containers, newest first, but their newest logs; last those that asked for it, so that a retry sees them. */
  async forgetAll(ctx: Context, pod: Pod, containers: readonly ContainerStatus[]): Promise<void> {
    const asked = (each: ContainerStatus) => restartsAll(findContainer(pod, each.metadata.name) ?? { name: '' }, each);
    const known = containers.filter(({ sandboxId }) => sandboxId !== '');
    for (const { id } of [...known.filter((each) => !asked(each)), ...known.filter(asked)])
      await this.node.runtime.removeContainer(ctx, id);
    const names = new Set<string>();
    for (const { metadata, logPath } of containers) {
      if (names.has(metadata.name) && dirname(logPath) !== '.') await rm(logPath, { force: true });
      names.add(metadata.name);
    }
  }

  /** Removes all there is of a Pod that has gone. */
  async cleanUp(ctx: Context, pod: Pod): Promise<void> {
    const { runtime, volumes, images, restarts, podLogs } = this.node;
    const sandboxes = await runtime.listPodSandboxes(ctx, { podUid: podUid(pod) });
    await Promise.all(sandboxes.map(({ id }) => runtime.removePodSandbox(ctx, id)));
    await volumes.remove(pod);
    images.forget(pod);
    restarts.forget(podUid(pod));
    await rm(join(podLogs, podLogDirectoryName(pod)), { recursive: true, force: true });
  }

  private async stopSandboxes(ctx: Context, { sandboxes }: PodRuntimeState): Promise<void> {
    await Promise.all(sandboxes.map(({ id }) => this.node.runtime.stopPodSandbox(ctx, id)));
  }

  private async createSandbox(ctx: Context, pod: Pod, attempt: number): Promise<void> {
    const { events, runtime, volumes, devices, podLogs, environment } = this.node;
    await volumes.prepare(ctx, pod).catch((error: unknown) => {
      events.pod(pod, 'Warning', 'FailedMount', error instanceof Error ? error.message : String(error));
      throw error;
    });
    await devices.prepare(ctx, pod).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      events.pod(pod, 'Warning', 'FailedPrepareDynamicResources', `Failed to prepare dynamic resources: ${reason}`);
      throw error;
    });
    const dns = dnsConfig(pod, environment.services());
    await runtime.runPodSandbox(ctx, sandboxConfig(pod, attempt, podLogs, dns)).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      events.pod(pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${reason}`);
      throw error;
    });
  }

  private async kill(ctx: Context, pod: Pod, kill: KillContainer, state: PodRuntimeState): Promise<void> {
    const running = state.containers.find(({ id }) => id === kill.containerId);
    if (!running) return;
    const isProbed = kill.reason === 'livenessProbe' || kill.reason === 'startupProbe';
    const probe: Probe | undefined = isProbed ? kill.container[kill.reason] : undefined;
    const own = pod.spec?.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
    const graceSeconds = Math.max(1, probe?.terminationGracePeriodSeconds ?? own);
    const podIp = readySandbox(state)?.ip || this.node.hostIp;
    await stopContainer(ctx, this.node, pod, running, { graceSeconds, podIp, message: () => kill.message });
  }

  private async start(
    ctx: Context,
    pod: Pod,
    sandbox: PodSandboxStatus,
    wanted: StartContainer,
    state: PodRuntimeState,
  ) {
    const { name } = wanted.container;
    try {
      await this.starter.start(ctx, pod, sandbox, wanted, latestContainer(state, name));
      this.waiting.delete(name);
      await this.forgetOldRuns(ctx, name, state.containers);
      return undefined;
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      this.waiting.set(name, { reason: error.reason, message: error.message });
      return error.again ?? ctx.clock.now() + RETRY_MILLISECONDS;
    }
  }

  private async forgetOldRuns(ctx: Context, name: string, containers: readonly ContainerStatus[]): Promise<void> {
    const runs = containers.filter(({ metadata, sandboxId }) => metadata.name === name && sandboxId !== '');
    for (const { id, logPath } of runs.slice(KEPT_RUNS - 1)) {
      await this.node.runtime.removeContainer(ctx, id);
      if (dirname(logPath) !== '.') await rm(logPath, { force: true });
    }
  }
}
