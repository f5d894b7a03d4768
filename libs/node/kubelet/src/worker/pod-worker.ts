import type { Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { type CancelTimer, type Context, withSignal } from '@binnacle/machinery-context';
import type { ContainerStatus } from '@binnacle/node-cri';
import { isResizing, planPod } from '../plan/plan-pod.js';
import { podText } from '../pod/identity.js';
import type { Rejection } from '../pod/rejection.js';
import { isStatic, type PodSource } from '../pod/source.js';
import {
  forgottenContainers,
  lostContainers,
  observePod,
  type PodRuntimeState,
  readySandbox,
} from '../pod/runtime-state.js';
import { terminationMessage } from '../pod/termination-message.js';
import { PodProbes } from '../probes/probe-manager.js';
import type { Waiting } from '../status/container-status.js';
import { podStatus } from '../status/pod-status.js';
import { PodActions } from './pod-actions.js';
import type { NodeServices } from './services.js';
import { stopContainers } from './termination.js';
import { VolumeLimits } from './volume-limits.js';
import { VolumeRefresh } from './volume-refresh.js';

const RETRY_MILLISECONDS = 1000;
const LONGEST_RETRY_MILLISECONDS = 10_000;
const DEFAULT_GRACE_SECONDS = 30;
const EVICTION_GRACE_SECONDS = 1;

export interface StopRequest {
  /** Undefined is the Pod's own. */
  readonly graceSeconds?: number;
  /** The Pod's object is gone already, or was never asked for again. */
  readonly gone: boolean;
}

/**
 * Makes one Pod so, one step at a time: run it, and end it once it is deleted or has ended by itself. Woken by changes
 * of its object, its runtime and its probes, and by the times it waits for; it never polls.
 */
export class PodWorker {
  private readonly probes: PodProbes;
  private readonly actions: PodActions;
  private readonly volumes: VolumeRefresh;
  private readonly limits: VolumeLimits;
  private readonly waiting = new Map<string, Waiting>();
  private readonly messages = new Map<string, string>();
  private lost: readonly ContainerStatus[] | undefined;
  private reported: PodStatus | undefined;
  private stopRequest: StopRequest | undefined;
  private failed: Rejection | undefined;
  private isEvicted = false;
  private phase: 'new' | 'running' | 'ended' | 'removed' = 'new';
  private isTerminal = false;
  private isRejected = false;
  private abort = new AbortController();
  private dirty = false;
  private active = false;
  private failures = 0;
  private cancelTimer: CancelTimer = () => undefined;

  constructor(
    private readonly node: NodeServices,
    public pod: Pod,
    readonly source: PodSource,
    private readonly removed: (worker: PodWorker) => void,
    private readonly knownSandbox: (sandboxId: string, worker: PodWorker) => void,
  ) {
    this.probes = new PodProbes(node.ctx, node.runtime, node.events, () => this.wake());
    this.actions = new PodActions(node, this.waiting);
    this.volumes = new VolumeRefresh(node);
    this.limits = new VolumeLimits(node);
    const phase = pod.status?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') [this.phase, this.isTerminal] = ['ended', true];
  }

  /** Something about the Pod changed. */
  update(pod: Pod): void {
    const before = this.pod;
    this.pod = pod;
    if (!isStatic(this.source)) this.node.statuses.seen(pod);
    const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata ?? {};
    if (deletionTimestamp) this.stop({ graceSeconds: deletionGracePeriodSeconds, gone: false });
    else if (this.phase === 'new' || asksForMore(before, pod)) {
      this.volumes.soon();
      this.wake();
    }
  }

  stop(request: StopRequest): void {
    const before = this.stopRequest;
    const shorter =
      (request.graceSeconds ?? Number.POSITIVE_INFINITY) < (before?.graceSeconds ?? Number.POSITIVE_INFINITY);
    const { graceSeconds } = before && !shorter ? before : request;
    this.stopRequest = { graceSeconds, gone: request.gone || before?.gone === true };
    if (!before) this.abort.abort(new Error('the Pod is being stopped'));
    else if (shorter) void this.hurry(request.graceSeconds ?? 0);
    this.wake();
  }

  wake(): void {
    this.dirty = true;
    if (!this.active) void this.run();
  }

  /** Lets go of the Pod without touching what runs. */
  release(): void {
    this.phase = 'removed';
    this.abort.abort(new Error('the node agent is stopping'));
    this.probes.stop();
    this.cancelTimer();
  }

  /** Admitted, and not ended yet. */
  get isActive(): boolean {
    return this.phase === 'running';
  }

  /** The Pod with the size it has, whatever it asks for. */
  private get given(): Pod {
    return this.node.allocations.given(this.pod);
  }

  get status(): PodStatus | undefined {
    return this.reported ?? this.pod.status;
  }

  private async run(): Promise<void> {
    this.active = true;
    while (this.dirty && this.phase !== 'removed') {
      this.dirty = false;
      this.cancelTimer();
      this.schedule(await this.attempt());
    }
    this.active = false;
  }

  private async attempt(): Promise<number | undefined> {
    try {
      const again = await this.sync();
      this.failures = 0;
      return again;
    } catch (error) {
      const now = this.node.ctx.clock.now();
      if (this.phase === 'removed' || (this.abort.signal.aborted && !this.stopRequest)) return undefined;
      this.node.ctx.logger.warn('a Pod could not be synced', { pod: podText(this.pod), error });
      this.failures += 1;
      return now + Math.min(RETRY_MILLISECONDS * this.failures, LONGEST_RETRY_MILLISECONDS);
    }
  }

  private schedule(again: number | undefined): void {
    if (again === undefined || this.phase === 'removed') return;
    const { clock } = this.node.ctx;
    this.cancelTimer = clock.after(Math.max(0, again - clock.now()), () => this.wake());
  }

  private async sync(): Promise<number | undefined> {
    if (this.stopRequest) return await this.remove();
    if (this.phase === 'ended') return undefined;
    if (this.phase === 'new') {
      this.admit();
      this.phase = 'running';
    }
    this.checkDeadline();
    await this.checkLimits();
    if (this.failed) return await this.end();
    this.node.allocations.resize(this.pod);
    return await this.makeSo(withSignal(this.node.ctx, this.abort.signal));
  }

  private admit(): void {
    const rejection = this.node.allocations.admit(this.pod, this.source);
    if (!rejection) return;
    this.isRejected = true;
    this.failed = { ...rejection, message: `Pod was rejected: ${rejection.message}` };
    this.node.events.pod(this.pod, 'Warning', rejection.reason, rejection.message);
  }

  private async makeSo(ctx: Context): Promise<number | undefined> {
    const { given } = this;
    const state = await this.observe();
    this.report(state);
    const plan = planPod(given, state, this.probes);
    if (plan.killPod && plan.createSandbox === undefined) return await this.end();
    if (plan.restartAll) return await this.beginAgain(ctx);
    const again = await this.actions.carryOut(ctx, given, plan, () => this.observe());
    this.report(await this.observe());
    const own = earliest(this.deadline(), this.limits.due);
    return earliest(earliest(again, own), await this.volumes.follow(ctx, given));
  }

  /** Ends and forgets all containers but not their sandbox; their restarts go on counting. */
  private async beginAgain(ctx: Context): Promise<undefined> {
    await this.actions.endAll(ctx, this.pod, await this.observe());
    const { containers } = await this.observe();
    this.lost = forgottenContainers(containers);
    await this.actions.forgetAll(ctx, this.pod, containers);
    this.wake();
  }

  /** All that ran is stopped, and the Pod's object stays. */
  private async end(): Promise<undefined> {
    await this.terminate();
    this.phase = 'ended';
    this.node.volumes.letGo(this.pod);
    this.node.allocations.release(this.pod);
  }

  private async remove(): Promise<undefined> {
    if (this.phase !== 'ended') await this.terminate();
    this.phase = 'ended';
    if (!this.stopRequest?.gone) await this.node.statuses.finish(this.node.ctx, this.pod, this.source);
    await this.actions.cleanUp(this.node.ctx, this.pod);
    this.node.statuses.forget(this.pod);
    this.phase = 'removed';
    this.node.allocations.forget(this.pod);
    this.removed(this);
  }

  private async terminate(): Promise<void> {
    const { ctx } = this.node;
    this.probes.stopAllBut('readiness');
    const state = await this.observe();
    if (!this.stopRequest) this.report(state);
    await stopContainers(ctx, this.node, this.pod, state, this.stopOptions(state));
    await Promise.all(state.sandboxes.map(({ id }) => this.node.runtime.stopPodSandbox(ctx, id)));
    await this.node.devices.release(ctx, this.pod);
    this.isTerminal = true;
    this.report(await this.observe());
    this.probes.stop();
  }

  private stopOptions(state: PodRuntimeState) {
    const { terminationGracePeriodSeconds = DEFAULT_GRACE_SECONDS } = this.pod.spec ?? {};
    const own = this.isEvicted ? EVICTION_GRACE_SECONDS : terminationGracePeriodSeconds;
    const graceSeconds = Math.max(1, this.stopRequest?.graceSeconds ?? own);
    const podIp = state.sandboxes[0]?.ip || this.node.hostIp;
    return { graceSeconds, podIp, message: (name: string) => `Stopping container ${name}` };
  }

  /** A second, shorter request while the first is being carried out. */
  private async hurry(graceSeconds: number): Promise<void> {
    const { ctx, runtime } = this.node;
    try {
      const { containers } = await this.observe();
      const running = containers.filter(({ state }) => state === 'running');
      await Promise.all(running.map(({ id }) => runtime.stopContainer(ctx, id, Math.max(1, graceSeconds))));
    } catch (error) {
      ctx.logger.debug('a Pod could not be hurried', { pod: podText(this.pod), error });
    }
  }

  private async observe(): Promise<PodRuntimeState> {
    const { ctx, runtime } = this.node;
    if (!this.lost) {
      const { containers } = await observePod(ctx, runtime, this.pod, []);
      this.lost = lostContainers(this.pod, containers, ctx.clock.now());
    }
    const state = await observePod(ctx, runtime, this.pod, this.lost);
    for (const { id } of state.sandboxes) this.knownSandbox(id, this);
    const ended = state.containers.filter((each) => each.state === 'exited' && !this.messages.has(each.id));
    for (const each of ended) this.messages.set(each.id, await terminationMessage(this.pod, each));
    const withMessage = (container: ContainerStatus) => ({
      ...container,
      message: this.messages.get(container.id) || undefined,
    });
    return { sandboxes: state.sandboxes, containers: state.containers.map(withMessage) };
  }

  private report(state: PodRuntimeState): void {
    const sandbox = readySandbox(state);
    const { given } = this;
    if (!this.isTerminal && sandbox) this.probes.follow(given, sandbox.ip || this.node.hostIp, state.containers);
    if (!isResizing(given, state)) this.node.allocations.actuated(this.pod);
    for (const { metadata, state: now } of state.containers) if (now === 'running') this.waiting.delete(metadata.name);
    const { ctx, runtimeName, hostIp: hostIP } = this.node;
    const { waiting, probes, isTerminal, isRejected, failed } = this;
    const facts = { now: ctx.clock.now(), runtimeName, hostIP, waiting, isTerminal, isRejected, failed };
    this.reported = podStatus(given, this.reported ?? this.pod.status ?? {}, state, {
      ...facts,
      resize: this.node.allocations.stateOf(this.pod),
      waiting: isTerminal ? new Map() : waiting,
      ready: probes.ready,
      started: (id) => probes.started(id) === true,
    });
    this.node.statuses.set(this.pod, this.reported, this.source);
  }

  private deadline(): number | undefined {
    const seconds = this.pod.spec?.activeDeadlineSeconds;
    const start = this.status?.startTime;
    return seconds === undefined || !start ? undefined : Date.parse(start) + seconds * 1000;
  }

  private checkDeadline(): void {
    const deadline = this.deadline();
    if (deadline === undefined || this.failed || this.node.ctx.clock.now() < deadline) return;
    const message = 'Pod was active on the node longer than the specified deadline';
    this.failed = { reason: 'DeadlineExceeded', message };
    this.node.events.pod(this.pod, 'Normal', 'DeadlineExceeded', message);
  }

  private async checkLimits(): Promise<void> {
    const eviction = this.failed ? undefined : await this.limits.exceeded(this.pod, this.source);
    if (!eviction) return;
    [this.failed, this.isEvicted] = [eviction, true];
    this.node.events.pod(this.pod, 'Warning', eviction.reason, eviction.message);
  }
}

/** Whether an update holds more than what this node itself reported. */
function asksForMore(before: Pod, after: Pod): boolean {
  if (after.spec?.readinessGates?.length) return true;
  const asked = ({ metadata, spec }: Pod) => JSON.stringify([metadata?.labels, metadata?.annotations, spec]);
  return asked(before) !== asked(after);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
