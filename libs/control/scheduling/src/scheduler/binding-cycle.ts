import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Writer } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import { type Attempt, attemptOf } from '../decisions/index.js';
import type { Framework } from '../framework/framework.js';
import type { SharedState } from '../framework/handle.js';
import { unresolvable } from '../framework/rejection.js';
import { failureMessage } from '../engine/diagnosis.js';
import type { Stopwatch } from '../engine/stopwatch.js';
import type { PreBindPlugin } from '../framework/plugin.js';
import type { QueuedPod } from '../queue/queued-pod.js';
import type { SchedulingQueue } from '../queue/scheduling-queue.js';
import { errorOf, type Failure, type Failures } from './failures.js';
import { nominate } from './pod-status.js';

export interface BindingParts {
  readonly shared: SharedState;
  readonly queue: SchedulingQueue;
  readonly pods: Pick<Writer<Pod>, 'patch'>;
  readonly failures: Failures;
  /** Told of every attempt's end. */
  readonly observe?: (attempt: Attempt) => void;
}

/** A Pod that was given a node. */
export interface Placement {
  readonly queued: QueuedPod;
  readonly node: string;
  readonly framework: Framework;
  readonly recorder: EventRecorder;
  /** When its attempt began, by the instruments. */
  readonly began: number;
  /** Where it is one whose plugins are timed. */
  readonly stopwatch: Stopwatch | undefined;
}

/** A Pod is refused: not an error, and not the Pod's last word. */
class PodRefused extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** What one node says that was to have the Pod. */
export function refusedBy(plugin: string, reason: string): Failure {
  const message = failureMessage(1, [{ rejection: unresolvable(reason), nodes: 1 }], '');
  return { reason: 'Unschedulable', message, rejectedBy: new Set([plugin]), nominated: null };
}

/** An error says which plugin was at work. */
async function running<T>(
  point: string,
  plugin: string,
  work: () => Promise<T>,
  stopwatch: Stopwatch | undefined,
): Promise<T> {
  try {
    return await (stopwatch ? stopwatch.timeAll(plugin, point, work) : work());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`running ${point} plugin "${plugin}": ${message}`, { cause: error });
  }
}

const isGone = (error: unknown): boolean =>
  isNotFound(error) || (error instanceof Error && error.cause !== undefined && isGone(error.cause));

/** From the decision to the bound Pod, however long it takes. Behaves as kubernetes pkg/scheduler bindingCycle. */
export class BindingCycle {
  /** Whose status was told where they are going. */
  private readonly nominated = new WeakSet<QueuedPod>();

  constructor(private readonly parts: BindingParts) {}

  /** Whether the Pod has to wait for anything before it can be bound. */
  waits({ queued, node, framework }: Placement): boolean {
    return this.parts.shared.waitingPods.has(queued.info.uid) || this.preBinds(framework, queued, node).length > 0;
  }

  /** Never rejects: what goes wrong puts the Pod back. */
  async run(ctx: Context, placement: Placement): Promise<void> {
    try {
      const decided = ctx.clock.now();
      await this.prepare(ctx, placement);
      await this.bind(ctx, placement);
      this.bound(ctx, placement, decided);
    } catch (error) {
      this.unbound(ctx, placement, error);
    }
  }

  private preBinds({ preBinds }: Framework, { info }: QueuedPod, node: string): readonly PreBindPlugin[] {
    return preBinds.filter((plugin) => plugin.preBindPreFlight(info, node));
  }

  private async prepare(ctx: Context, placement: Placement): Promise<void> {
    const { queued, node, framework } = placement;
    const { shared, queue, pods } = this.parts;
    const { info } = queued;
    const plugins = this.preBinds(framework, queued, node);
    const waiting = shared.waitingPods.get(info.uid);
    if (waiting || plugins.length > 0) {
      this.nominated.add(queued);
      await nominate(ctx, pods, info, node).catch((error: unknown) =>
        ctx.logger.warn('cannot nominate', { pod: info.key, node, error }),
      );
    }
    if (waiting) await this.permitted(queued);
    // What happens from here on cannot make it unschedulable.
    queue.done(queued);
    if (plugins.length > 0) await this.preBind(ctx, placement, plugins);
  }

  private async permitted({ info }: QueuedPod): Promise<void> {
    const { waitingPods, instruments } = this.parts.shared;
    const began = instruments.now();
    const refused = await waitingPods.get(info.uid)?.settled;
    waitingPods.delete(info.uid);
    const result = refused ? (refused.preempted ? 'Error' : 'Unschedulable') : 'Success';
    instruments.waited(result, instruments.now() - began);
    if (refused?.preempted) throw new Error(`waiting on permit for pod: ${refused.message}`);
    if (refused) throw new PodRefused(refusedBy(refused.plugin, refused.message));
  }

  private async preBind(
    ctx: Context,
    { queued: { info }, node, stopwatch }: Placement,
    plugins: readonly PreBindPlugin[],
  ): Promise<void> {
    const { preBinding } = this.parts.shared;
    const stop = new AbortController();
    const limited = withSignal(ctx, AbortSignal.any([ctx.signal, stop.signal]));
    preBinding.set(info.uid, (why) => {
      stop.abort(new Error(why));
      return true;
    });
    try {
      for (const plugin of plugins) {
        await running('PreBind', plugin.name, () => plugin.preBind(limited, info, node), stopwatch);
      }
      stop.signal.throwIfAborted();
    } finally {
      preBinding.delete(info.uid);
    }
  }

  private async bind(ctx: Context, { queued, node, framework, stopwatch }: Placement): Promise<void> {
    for (const plugin of framework.binds) {
      if (await running('Bind', plugin.name, () => plugin.bind(ctx, queued.info, node), stopwatch)) return;
    }
    throw new Error(`no bind plugin has bound ${queued.info.key}`);
  }

  private bound(ctx: Context, { queued, node, framework, recorder, began }: Placement, decided: number): void {
    const { info } = queued;
    const { instruments } = this.parts.shared;
    this.parts.queue.delete(info.uid);
    instruments.attempted('scheduled', framework.profileName, instruments.now() - began);
    const since = (ctx.clock.now() - (queued.firstReady ?? decided)) / 1000;
    instruments.scheduled(queued.attempts, since, queued.flushed);
    // The node may tell what it does with the Pod before the answer is here: in the list, the decision comes first.
    recorder.event(info.pod, 'Normal', 'Scheduled', `Successfully assigned ${info.key} to ${node}`, decided);
    ctx.logger.debug('bound', { pod: info.key, node });
    for (const plugin of framework.postBinds) plugin.postBind(info, node);
  }

  private unbound(ctx: Context, { queued, node, framework, recorder, began }: Placement, error: unknown): void {
    const { shared, queue, failures } = this.parts;
    const { info } = queued;
    for (const plugin of [...framework.reserves].reverse()) plugin.unreserve(info, node);
    // The answer may have been lost on its way: what a watch has confirmed meanwhile stands.
    if (!shared.cluster.isAssumed(info.uid)) return;
    const freed = shared.cluster.remove(info.uid);
    if (isGone(error)) queue.delete(info.uid);
    const failure = error instanceof PodRefused ? error.failure : errorOf(error);
    const outcome = failure.reason === 'Unschedulable' ? 'unschedulable' : 'error';
    const seconds = shared.instruments.now() - began;
    shared.instruments.attempted(outcome, framework.profileName, seconds);
    const end = { result: outcome === 'error' ? 'Error' : 'Unschedulable', message: failure.message } as const;
    this.parts.observe?.(attemptOf({ queued, profile: framework.profileName, seconds }, end));
    const told = this.nominated.has(queued) && { nominatedBefore: node };
    this.nominated.delete(queued);
    failures.handle(ctx, queued, { ...failure, ...told }, recorder);
    if (freed) queue.happened({ resource: 'Pod', action: 'Delete', old: freed }, ({ uid }) => uid !== info.uid);
  }
}
