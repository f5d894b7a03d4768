import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Writer } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import type { ClusterCache } from '../cache/cluster-cache.js';
import { failureMessage, type SchedulingDiagnosis } from '../engine/diagnosis.js';
import type { CycleResult, SchedulingEngine } from '../engine/scheduling-engine.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { BindPlugin, Reservation, ReservePlugin } from '../framework/plugin.js';
import type { QueuedPod, SchedulingQueue } from '../queue/scheduling-queue.js';
import { reportUnscheduled, type UnscheduledReason } from './pod-condition.js';
import type { Preemptor } from './preemptor.js';

/** Bindings under way at once: enough to keep an API server busy, few enough to stop soon. */
const BINDINGS_AT_ONCE = 64;
const ATTEMPTS_BEFORE_A_BREAK = 32;

const giveWay = () => new Promise<void>((resolve) => setImmediate(resolve));

/** How one attempt ended, for metrics. */
export type AttemptOutcome = 'scheduled' | 'unschedulable' | 'error';

export interface SchedulerParts {
  readonly cache: ClusterCache;
  readonly queue: SchedulingQueue;
  readonly engine: SchedulingEngine;
  readonly binder: BindPlugin;
  readonly reserves: readonly ReservePlugin[];
  readonly pods: Pick<Writer<Pod>, 'patch'>;
  readonly recorder: EventRecorder;
  readonly preemptor: Preemptor;
  /** Told of every attempt's end; the diagnosis is only made when asked for, and only during the call. */
  readonly observe?: (outcome: AttemptOutcome, pod: PodInfo, explain: () => SchedulingDiagnosis | undefined) => void;
}

/** Takes Pods from the queue one by one, decides, counts the decision as done, and writes it in the background. */
export class Scheduler {
  private readonly binding = new Set<Promise<void>>();
  /** Those that wait for something first, such as a volume: for as long as that takes, they keep nobody else waiting. */
  private readonly preparing = new Set<Promise<void>>();

  constructor(private readonly parts: SchedulerParts) {}

  /** Whether a Pod waits for an attempt, now or soon, or is being bound. Those no node has room for wait for others. */
  get isBusy(): boolean {
    const { active, backoff } = this.parts.queue.sizes;
    return active + backoff + this.binding.size + this.preparing.size > 0;
  }

  /** Runs until the context aborts; then waits for the bindings that are under way. */
  async run(ctx: Context): Promise<void> {
    const { queue } = this.parts;
    ctx.signal.addEventListener('abort', () => queue.close(), { once: true });
    if (ctx.signal.aborted) return;
    let attempts = 0;
    for (let pod = await queue.take(); pod; pod = await queue.take()) {
      this.scheduleOne(ctx, pod);
      if (this.binding.size >= BINDINGS_AT_ONCE) await Promise.race(this.binding);
      // A long queue must not keep watches, renewals and answers waiting.
      else if (++attempts % ATTEMPTS_BEFORE_A_BREAK === 0) await giveWay();
    }
    await Promise.allSettled([...this.binding, ...this.preparing]);
  }

  private scheduleOne(ctx: Context, queued: QueuedPod): void {
    const result = this.attempt(ctx, queued);
    if (!result) return;
    if (result.node === undefined) return this.unschedulable(ctx, queued, result);
    this.parts.cache.assume(queued.info, result.node);
    this.parts.cache.nominations.delete(queued.info.uid);
    this.parts.observe?.('scheduled', queued.info, result.explain);
    this.place(ctx, queued, result.node);
  }

  private place(ctx: Context, queued: QueuedPod, node: string): void {
    const reservations = this.reserve(ctx, queued, node);
    if (!reservations) return;
    const under = reservations.length > 0 ? this.preparing : this.binding;
    const bound = this.bind(ctx, queued, node, reservations).finally(() => under.delete(bound));
    under.add(bound);
  }

  /** Undefined where something the Pod needs could not be kept for it: it is tried anew. */
  private reserve(ctx: Context, queued: QueuedPod, node: string): Reservation[] | undefined {
    const kept: Reservation[] = [];
    try {
      for (const plugin of this.parts.reserves) {
        const reservation = plugin.reserve(queued.info, node, this.parts.cache);
        if (reservation) kept.push(reservation);
      }
      return kept;
    } catch (error) {
      for (const reservation of kept) reservation.end();
      this.unbound(ctx, queued, error);
      return undefined;
    }
  }

  private attempt(ctx: Context, queued: QueuedPod): CycleResult | undefined {
    try {
      return this.parts.engine.schedule(queued.info);
    } catch (error) {
      this.failed(ctx, queued, error);
      return undefined;
    }
  }

  private async bind(
    ctx: Context,
    queued: QueuedPod,
    node: string,
    reservations: readonly Reservation[],
  ): Promise<void> {
    const { info } = queued;
    const decided = ctx.clock.now();
    try {
      for (const reservation of reservations) await reservation.preBind(ctx);
      await this.parts.binder.bind(ctx, info, node);
      this.parts.queue.delete(info.uid);
      const message = `Successfully assigned ${info.key} to ${node}`;
      // The node may tell what it does with the Pod before the answer is here: in the list, the decision comes first.
      this.parts.recorder.event(info.pod, 'Normal', 'Scheduled', message, decided);
      ctx.logger.debug('bound', { pod: info.key, node });
    } catch (error) {
      this.unbound(ctx, queued, error);
    } finally {
      for (const reservation of reservations) reservation.end();
    }
  }

  private unbound(ctx: Context, queued: QueuedPod, error: unknown): void {
    const { cache, queue } = this.parts;
    const { uid } = queued.info;
    // The answer may have been lost on its way: what a watch has confirmed meanwhile stands.
    if (!cache.isAssumed(uid)) return;
    const freed = cache.remove(uid);
    if (isNotFound(error)) queue.delete(uid);
    else this.failed(ctx, queued, error);
    if (freed) queue.happened({ kind: 'podFreed', pod: freed });
  }

  private unschedulable(ctx: Context, queued: QueuedPod, result: CycleResult): void {
    const { rejections } = result.findings.filtered;
    const total = this.parts.cache.nodes.nodeRows.length;
    this.parts.observe?.('unschedulable', queued.info, result.explain);
    const preemption = total > 0 ? this.parts.preemptor.attempt(ctx, queued.info, rejections) : '';
    const message = failureMessage(total, rejections.values(), preemption);
    this.parts.queue.putUnschedulable(queued, new Set([...rejections.values()].map(({ plugin }) => plugin)));
    this.report(ctx, queued.info, 'Unschedulable', message);
  }

  private failed(ctx: Context, queued: QueuedPod, error: unknown): void {
    if (ctx.signal.aborted) return;
    ctx.logger.warn('cannot schedule', { pod: queued.info.key, error });
    this.parts.observe?.('error', queued.info, () => undefined);
    this.parts.queue.putBack(queued);
    this.report(ctx, queued.info, 'SchedulerError', error instanceof Error ? error.message : String(error));
  }

  private report(ctx: Context, info: PodInfo, reason: UnscheduledReason, message: string): void {
    this.parts.recorder.event(info.pod, 'Warning', 'FailedScheduling', message);
    reportUnscheduled(ctx, this.parts.pods, info, reason, message).catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.logger.warn('cannot report', { pod: info.key, error });
    });
  }
}
