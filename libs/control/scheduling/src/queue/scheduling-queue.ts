import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import { type ClusterEvent, eventLabel } from '../framework/cluster-event.js';
import { waitingPodActions } from '../framework/event-changes.js';
import type { Instruments } from '../framework/instruments.js';
import type { PodInfo } from '../pod/pod-info.js';
import { BackoffQueue } from './backoff-queue.js';
import { Heap } from './heap.js';
import { InFlightEvents } from './in-flight.js';
import { backoff, type BackoffLimits, type QueuedPod, queuedPod, rejectorsOf } from './queued-pod.js';

export interface QueueRules {
  /** QueueSort. */
  readonly before: (a: QueuedPod, b: QueuedPod) => boolean;
  readonly backoff: BackoffLimits;
  /** PreEnqueue: the plugin that will not have the Pod queued. */
  gate(pod: PodInfo): string | undefined;
  /** Whether any plugin waits for such events. */
  concerns(event: ClusterEvent): boolean;
  /** Whether the plugin that keeps a Pod out of the queue waits for such events. */
  hears(pod: PodInfo, plugin: string, event: ClusterEvent): boolean;
  /** Whether an event may mend what one of these plugins rejected the Pod for. */
  wakes(event: ClusterEvent, pod: PodInfo, rejectedBy: ReadonlySet<string>): boolean;
}

export type QueueSizes = Readonly<Record<'active' | 'backoff' | 'unschedulable' | 'gated', number>>;

/** A hint may be wrong: nothing waits longer than this without another look. */
export const LONGEST_WAIT_MILLISECONDS = 300_000;
const FLUSH_MILLISECONDS = 30_000;
const FAILED = 'ScheduleAttemptFailure';
const NONE: ReadonlySet<string> = new Set();

/**
 * Pods that wait for a node: active, in order of priority and arrival; backing off; unschedulable, until something happens
 * that could change that; or gated. One that was taken is in flight until it is put back, placed or deleted.
 * Behaves as kubernetes pkg/scheduler/backend/queue/scheduling_queue.go.
 */
export class SchedulingQueue {
  private readonly known = new Map<string, QueuedPod>();
  private readonly inFlight = new Set<QueuedPod>();
  private readonly events = new InFlightEvents();
  private readonly gated = new Set<QueuedPod>();
  private readonly active: Heap<QueuedPod>;
  private readonly resting: BackoffQueue;
  private readonly unschedulable = new Set<QueuedPod>();
  private cancelFlush: CancelTimer | undefined;
  private wake: () => void = () => undefined;
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly rules: QueueRules,
    private readonly instruments: Pick<Instruments, 'queued'>,
  ) {
    this.active = new Heap(rules.before);
    this.resting = new BackoffQueue(clock, rules.before, (pod) => this.push(pod, 'BackoffComplete'));
  }

  get sizes(): QueueSizes {
    return {
      active: this.active.size,
      backoff: this.resting.size,
      unschedulable: this.unschedulable.size,
      gated: this.gated.size,
    };
  }

  /** A Pod that waits for a node is there, or has changed: where that is what it waited for it is looked at again. */
  set(info: PodInfo): void {
    const known = this.known.get(info.uid);
    if (known) return this.update(known, info);
    const pod = queuedPod(info, this.clock.now());
    this.known.set(info.uid, pod);
    this.activate(pod, 'UnscheduledPodAdd');
  }

  /** The Pod changed, but not in a way that would let it be scheduled: keeps its place. */
  refresh(info: PodInfo): void {
    const pod = this.known.get(info.uid);
    if (pod) pod.info = info;
  }

  delete(uid: string): void {
    const pod = this.known.get(uid);
    if (!pod) return;
    this.known.delete(uid);
    this.done(pod);
    this.inFlight.delete(pod);
    this.leave(pod);
  }

  has(uid: string): boolean {
    return this.known.has(uid);
  }

  /** The next Pod, at once or when there is one; undefined after `close`. */
  async take(): Promise<QueuedPod | undefined> {
    while (!this.closed) {
      const pod = this.active.pop() ?? this.resting.pop();
      if (pod) {
        pod.attempts += 1;
        this.inFlight.add(pod);
        this.events.begin(pod);
        return pod;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return undefined;
  }

  close(): void {
    this.closed = true;
    this.resting.close();
    this.cancelFlush?.();
    this.wake();
  }

  /** The Pod will not be found unschedulable any more: what happens meanwhile is nothing to it. */
  done(pod: QueuedPod): void {
    this.events.end(pod);
  }

  /** No node could take the Pod: it waits for an event that one of `rejectedBy` hopes for, which may have come already. */
  putUnschedulable(pod: QueuedPod, rejectedBy: ReadonlySet<string>): void {
    const missed = this.events.end(pod);
    if (!this.land(pod)) return;
    [pod.rejectedBy, pod.refusals, pod.errors] = [rejectedBy, pod.refusals + 1, 0];
    this.backOff(pod);
    if (!missed || missed.some((event) => this.helps(event, pod))) this.requeue(pod, FAILED);
    else this.wait(pod, FAILED);
  }

  /** Something went wrong that has nothing to do with nodes: try again after a pause. */
  putBack(pod: QueuedPod): void {
    this.done(pod);
    if (!this.land(pod)) return;
    [pod.rejectedBy, pod.errors] = [NONE, pod.errors + 1];
    this.backOff(pod);
    this.rest(pod, FAILED);
  }

  /** What a waiting Pod hoped for came to nothing: it tries again after a pause. */
  retry(uid: string): void {
    const pod = this.known.get(uid);
    if (!pod || !(this.unschedulable.delete(pod) || this.gated.delete(pod))) return;
    pod.errors += 1;
    this.backOff(pod);
    this.rest(pod, 'ForceActivate');
  }

  /** Whoever keeps a Pod out of the queue is asked again. */
  recheck(uid: string): void {
    const pod = this.known.get(uid);
    if (pod && this.gated.delete(pod)) this.requeue(pod, 'ForceActivate');
  }

  /** Lets those Pods try again that the event may help, if `may` has nothing against it. */
  happened(event: ClusterEvent, may: (pod: PodInfo) => boolean = () => true): void {
    if (!this.rules.concerns(event)) return;
    for (const pod of [...this.unschedulable, ...this.gated]) if (may(pod.info)) this.rouse(pod, event);
    this.events.happened(event);
  }

  private update(pod: QueuedPod, current: PodInfo): void {
    const old = pod.info;
    pod.info = current;
    for (const action of waitingPodActions(current, old)) {
      const event = { resource: 'Pod', action, old, current } as const;
      if (this.inFlight.has(pod)) this.events.happened(event);
      else if (this.rouse(pod, event)) return;
    }
  }

  /** Answers true where the Pod may be taken now. */
  private rouse(pod: QueuedPod, event: ClusterEvent): boolean {
    if (!this.unschedulable.has(pod) && !this.gated.has(pod)) return true;
    if (pod.gatedBy !== undefined && !this.rules.hears(pod.info, pod.gatedBy, event)) return false;
    if (!this.helps(event, pod)) return false;
    this.leave(pod);
    pod.cause = event;
    return this.requeue(pod, eventLabel(event));
  }

  private helps(event: ClusterEvent, pod: QueuedPod): boolean {
    const rejectors = rejectorsOf(pod);
    return rejectors.size === 0 || this.rules.wakes(event, pod.info, rejectors);
  }

  private requeue(pod: QueuedPod, why: string): boolean {
    return pod.readyAt <= this.clock.now() ? this.activate(pod, why) : this.rest(pod, why);
  }

  /** Ends the flight; answers false for a Pod that was deleted meanwhile. */
  private land(pod: QueuedPod): boolean {
    return this.inFlight.delete(pod);
  }

  private backOff(pod: QueuedPod): void {
    pod.timestamp = this.clock.now();
    pod.readyAt = pod.timestamp + backoff(pod.errors || pod.refusals, this.rules.backoff);
    [pod.flushed, pod.cause] = [false, undefined];
  }

  /** Answers whether no plugin keeps the Pod out. */
  private admits(pod: QueuedPod, why: string): boolean {
    pod.gatedBy = this.rules.gate(pod.info);
    if (pod.gatedBy !== undefined) this.wait(pod, why);
    return pod.gatedBy === undefined;
  }

  private activate(pod: QueuedPod, why: string): boolean {
    if (!this.admits(pod, why)) return false;
    pod.firstReady ??= this.clock.now();
    this.push(pod, why);
    return true;
  }

  private push(pod: QueuedPod, why: string): void {
    pod.why = why;
    this.active.push(pod);
    this.instruments.queued('active', why);
    this.wake();
  }

  private rest(pod: QueuedPod, why: string): boolean {
    if (!this.admits(pod, why)) return false;
    this.resting.push(pod);
    this.instruments.queued('backoff', why);
    this.wake();
    return true;
  }

  private wait(pod: QueuedPod, why: string): void {
    if (pod.gatedBy === undefined) this.unschedulable.add(pod);
    else this.gated.add(pod);
    this.instruments.queued('unschedulable', why);
    this.cancelFlush ??= this.clock.after(FLUSH_MILLISECONDS, () => this.flush());
  }

  private leave(pod: QueuedPod): void {
    for (const place of [this.active, this.resting, this.unschedulable, this.gated]) place.delete(pod);
  }

  private flush(): void {
    const now = this.clock.now();
    this.cancelFlush = undefined;
    for (const pod of [...this.unschedulable, ...this.gated]) {
      if (pod.timestamp + LONGEST_WAIT_MILLISECONDS > now) continue;
      pod.flushed = true;
      this.leave(pod);
      this.requeue(pod, 'UnschedulableTimeout');
    }
    if (this.unschedulable.size + this.gated.size > 0) {
      this.cancelFlush ??= this.clock.after(FLUSH_MILLISECONDS, () => this.flush());
    }
  }
}
