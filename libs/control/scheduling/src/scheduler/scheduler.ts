import type { EventRecorder } from '@binnacle/client-controller';
import type { Context } from '@binnacle/machinery-context';
import { type AttemptEnd, attemptOf } from '../decisions/index.js';
import { failureMessage } from '../engine/diagnosis.js';
import type { CycleResult, SchedulingEngine } from '../engine/scheduling-engine.js';
import { Stopwatch } from '../engine/stopwatch.js';
import type { Framework } from '../framework/framework.js';
import { type PluginRun, sampler } from '../framework/instruments.js';
import type { PermitResult, PostFilterResult } from '../framework/plugin.js';
import type { Rejection } from '../framework/rejection.js';
import { type Rejections, rejectorsIn } from '../framework/rejections.js';
import { WaitingPod } from '../framework/waiting-pods.js';
import type { QueuedPod } from '../queue/queued-pod.js';
import { BindingCycle, type BindingParts, type Placement, refusedBy } from './binding-cycle.js';
import { errorOf, type Failure } from './failures.js';

/** Bindings under way at once: enough to keep an API server busy, few enough to stop soon. */
const BINDINGS_AT_ONCE = 64;
const ATTEMPTS_BEFORE_A_BREAK = 32;

const giveWay = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What one `schedulerName` is scheduled by. */
export interface Profile {
  readonly framework: Framework;
  readonly engine: SchedulingEngine;
  readonly recorder: EventRecorder;
}

export interface SchedulerParts extends BindingParts {
  /** By `schedulerName`. */
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** One attempt, on its way. */
interface Attempt {
  readonly queued: QueuedPod;
  readonly profile: Profile;
  readonly began: number;
  /** Where it is one whose plugins are timed. */
  readonly stopwatch: Stopwatch | undefined;
}

type Status = PluginRun['status'];

const rejectionStatus = (rejection: Rejection | undefined): Status => (rejection ? 'Unschedulable' : 'Success');
const postFilterStatus = ({ helped }: PostFilterResult): Status => (helped ? 'Success' : 'Unschedulable');
const permitStatus = (answer: PermitResult): Status =>
  answer === undefined ? 'Success' : 'wait' in answer ? 'Wait' : 'Unschedulable';

/** Takes Pods from the queue one by one, decides, counts the decision as done, and writes it in the background. */
export class Scheduler {
  private readonly binding = new Set<Promise<void>>();
  /** Those that wait for something first, such as a volume: for as long as that takes, they keep nobody else waiting. */
  private readonly preparing = new Set<Promise<void>>();
  private readonly cycle: BindingCycle;
  private readonly stopwatch: Stopwatch;
  private readonly isSampled = sampler();

  constructor(private readonly parts: SchedulerParts) {
    this.cycle = new BindingCycle(parts);
    this.stopwatch = new Stopwatch(parts.shared.instruments);
  }

  /** Whether a Pod waits for an attempt, now or soon, or is being bound. Those no node has room for wait for others. */
  get isBusy(): boolean {
    const { active, backoff } = this.parts.queue.sizes;
    return active + backoff + this.binding.size + this.preparing.size > 0;
  }

  /** Runs until the context aborts; then waits for the bindings that are under way. */
  async run(ctx: Context): Promise<void> {
    const { queue } = this.parts;
    ctx.signal.addEventListener('abort', () => this.stop(), { once: true });
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

  private stop(): void {
    this.parts.queue.close();
    for (const waiting of this.parts.shared.waitingPods.values()) waiting.preempt('', 'the scheduler stops');
  }

  private scheduleOne(ctx: Context, queued: QueuedPod): void {
    const profile = this.parts.profiles.get(queued.info.pod.spec?.schedulerName ?? '') ?? this.only();
    const stopwatch = this.isSampled() ? this.stopwatch : undefined;
    const attempt = { queued, profile, began: this.parts.shared.instruments.now(), stopwatch };
    try {
      const result = profile.engine.schedule(queued.info, stopwatch);
      if (result.node === undefined) this.unschedulable(ctx, attempt, result);
      else this.place(ctx, attempt, result.node, result);
    } catch (error) {
      this.failed(ctx, attempt, errorOf(error));
    }
  }

  /** Pods that name no scheduler, as tests make them, are of the first profile. */
  private only(): Profile {
    const [first] = this.parts.profiles.values();
    if (!first) throw new TypeError('a scheduler without profiles');
    return first;
  }

  private place(ctx: Context, attempt: Attempt, node: string, result: CycleResult): void {
    const { cluster } = this.parts.shared;
    const { queued, profile, began, stopwatch } = attempt;
    const { info } = queued;
    cluster.assume(info, node);
    cluster.nominations.delete(info.uid);
    this.observe(attempt, { result: 'Scheduled', node, findings: result.findings });
    const refused = this.reserve(attempt, node) ?? this.permit(ctx, attempt, node);
    if (refused) return this.takeBack(ctx, attempt, node, refused);
    const { framework, recorder } = profile;
    this.bind(ctx, { queued, node, framework, recorder, began, stopwatch });
  }

  private bind(ctx: Context, placement: Placement): void {
    const { queue } = this.parts;
    const waits = this.cycle.waits(placement);
    if (!waits) queue.done(placement.queued);
    const under = waits ? this.preparing : this.binding;
    const bound = this.cycle.run(ctx, placement).finally(() => under.delete(bound));
    under.add(bound);
  }

  /** Answers why something the Pod needs could not be kept for it. */
  private reserve({ queued, profile, stopwatch }: Attempt, node: string): Failure | undefined {
    try {
      for (const plugin of profile.framework.reserves) {
        const ask = () => plugin.reserve(queued.info, node, this.parts.shared.cluster);
        const rejection = stopwatch ? stopwatch.time(plugin.name, 'Reserve', ask, rejectionStatus) : ask();
        if (rejection) return refusedBy(plugin.name, rejection.reasons.join(', '));
      }
      return undefined;
    } catch (error) {
      return errorOf(error);
    }
  }

  private permit(ctx: Context, { queued, profile, stopwatch }: Attempt, node: string): Failure | undefined {
    const waits = new Map<string, number>();
    for (const plugin of profile.framework.permits) {
      const ask = () => plugin.permit(queued.info, node);
      const answer = stopwatch ? stopwatch.time(plugin.name, 'Permit', ask, permitStatus) : ask();
      if (!answer) continue;
      if ('rejection' in answer) return refusedBy(plugin.name, answer.rejection.reasons.join(', '));
      waits.set(plugin.name, answer.wait);
    }
    if (waits.size === 0) return undefined;
    const { waitingPods } = this.parts.shared;
    waitingPods.set(queued.info.uid, new WaitingPod(queued.info, node, waits, ctx.clock));
    return undefined;
  }

  /** The Pod is not going to that node after all. */
  private takeBack(ctx: Context, attempt: Attempt, node: string, failure: Failure): void {
    const { cluster } = this.parts.shared;
    const { info } = attempt.queued;
    for (const plugin of [...attempt.profile.framework.reserves].reverse()) plugin.unreserve(info, node);
    cluster.remove(info.uid);
    this.failed(ctx, attempt, failure);
  }

  private unschedulable(ctx: Context, attempt: Attempt, result: CycleResult): void {
    const { rejections } = result.findings.filtered;
    const total = this.parts.shared.cluster.nodes.nodeRows.length;
    const postFilter = total > 0 ? this.postFilter(ctx, attempt, rejections) : undefined;
    const message = failureMessage(total, rejections.kinds, (postFilter?.reasons ?? []).join(', '));
    this.observe(attempt, { result: 'Unschedulable', message, findings: result.findings, postFilter });
    this.failed(ctx, attempt, {
      reason: 'Unschedulable',
      message,
      rejectedBy: rejectorsIn(rejections),
      nominated: postFilter ? postFilter.nominated : null,
    });
  }

  /** The first that helps ends it. Behaves as kubernetes pkg/scheduler/framework/runtime RunPostFilterPlugins. */
  private postFilter(
    ctx: Context,
    { queued, profile, stopwatch }: Attempt,
    rejections: Rejections,
  ): PostFilterResult | undefined {
    let last: PostFilterResult | undefined;
    const reasons: string[] = [];
    for (const plugin of profile.framework.postFilters) {
      const ask = () => plugin.postFilter(ctx, queued.info, rejections);
      const answer = stopwatch ? stopwatch.time(plugin.name, 'PostFilter', ask, postFilterStatus) : ask();
      if (answer.helped) return answer;
      reasons.push(...answer.reasons);
      if (!last || answer.nominated !== undefined) last = answer;
    }
    return last && { ...last, reasons };
  }

  private failed(ctx: Context, attempt: Attempt, failure: Failure): void {
    const { instruments } = this.parts.shared;
    const { queued, profile, began } = attempt;
    const outcome = failure.reason === 'Unschedulable' ? 'unschedulable' : 'error';
    if (outcome === 'error') this.observe(attempt, { result: 'Error', message: failure.message });
    instruments.attempted(outcome, profile.framework.profileName, instruments.now() - began);
    this.parts.failures.handle(ctx, queued, failure, profile.recorder);
  }

  private observe({ queued, profile, began }: Attempt, end: AttemptEnd): void {
    const seconds = this.parts.shared.instruments.now() - began;
    this.parts.observe?.(attemptOf({ queued, profile: profile.framework.profileName, seconds }, end));
  }
}
