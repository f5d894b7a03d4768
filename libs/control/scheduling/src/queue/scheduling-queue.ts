import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import type { ClusterEvent } from '../framework/cluster-event.js';
import type { PodInfo } from '../pod/pod-info.js';
import { Heap } from './heap.js';

/** A Pod on its way to a node. */
export interface QueuedPod {
  info: PodInfo;
  /** When it came to the queue first, in milliseconds. */
  readonly since: number;
  attempts: number;
  /** Plugins that rejected nodes in the last attempt; empty after a failure that no node was to blame for. */
  rejectedBy: ReadonlySet<string>;
  /** The end of its back-off. */
  readyAt: number;
}

export interface QueueRules {
  /** Why a Pod must not be queued at all, if so. */
  gate(pod: PodInfo): string | undefined;
  /** Whether an event may mend what one of these plugins rejected the Pod for. */
  wakes(event: ClusterEvent, pod: PodInfo, rejectedBy: ReadonlySet<string>): boolean;
}

const FIRST_BACKOFF_MILLISECONDS = 1_000;
const LONGEST_BACKOFF_MILLISECONDS = 10_000;
const WINDOW_MILLISECONDS = 1_000;
/** A hint may be wrong: nothing waits longer than this without another look. */
export const LONGEST_WAIT_MILLISECONDS = 300_000;

function comesBefore(a: QueuedPod, b: QueuedPod): boolean {
  return a.info.priority === b.info.priority ? a.since < b.since : a.info.priority > b.info.priority;
}

/** Of those whose back-off ends within the same second the more important goes first, whichever failed a moment earlier. */
function restsBefore(a: QueuedPod, b: QueuedPod): boolean {
  const [left, right] = [a, b].map(({ readyAt }) => Math.floor(readyAt / WINDOW_MILLISECONDS)) as [number, number];
  return left === right ? comesBefore(a, b) : left < right;
}

export function backoff(attempts: number): number {
  return Math.min(FIRST_BACKOFF_MILLISECONDS * 2 ** Math.max(0, attempts - 1), LONGEST_BACKOFF_MILLISECONDS);
}

/**
 * Pods that wait for a node: active, in order of priority and arrival; backing off; unschedulable, until something happens
 * that could change that; or gated. One that was taken is in flight until it is put back or deleted.
 * Behaves as kubernetes pkg/scheduler/backend/queue/scheduling_queue.go.
 */
export class SchedulingQueue {
  private readonly known = new Map<string, QueuedPod>();
  private readonly inFlight = new Set<QueuedPod>();
  private readonly gated = new Set<QueuedPod>();
  private readonly active = new Heap<QueuedPod>(comesBefore);
  /** Had a reason to try again before their back-off was over; taken early when nothing else is to do. */
  private readonly resting = new Heap<QueuedPod>(restsBefore);
  /** Failed for reasons of their own (a refused binding, say): these do wait. */
  private readonly failed = new Heap<QueuedPod>((a, b) => a.readyAt < b.readyAt);
  private readonly unschedulable = new Set<QueuedPod>();
  private readonly places = [this.active, this.resting, this.failed, this.unschedulable, this.gated, this.inFlight];
  private cancelTimer: CancelTimer | undefined;
  private wake: () => void = () => undefined;
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly rules: QueueRules,
  ) {}

  get sizes(): Readonly<Record<'active' | 'backoff' | 'unschedulable' | 'gated', number>> {
    return {
      active: this.active.size,
      backoff: this.resting.size + this.failed.size,
      unschedulable: this.unschedulable.size,
      gated: this.gated.size,
    };
  }

  /** A Pod that waits for a node is there, or has changed in a way that deserves another look. */
  set(info: PodInfo): void {
    const pod = this.known.get(info.uid) ?? this.create(info);
    pod.info = info;
    if (this.inFlight.has(pod) || this.resting.has(pod) || this.failed.has(pod)) return;
    this.leave(pod);
    if (this.rules.gate(info) === undefined) this.activate(pod);
    else this.gated.add(pod);
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
    this.cancelTimer?.();
    this.wake();
  }

  /** No node could take the Pod: it waits for an event that one of `rejectedBy` hopes for. */
  putUnschedulable(pod: QueuedPod, rejectedBy: ReadonlySet<string>): void {
    if (!this.land(pod)) return;
    pod.rejectedBy = rejectedBy;
    this.unschedulable.add(pod);
    this.schedule();
  }

  /** Something went wrong that has nothing to do with nodes: try again after a pause. */
  putBack(pod: QueuedPod): void {
    if (!this.land(pod)) return;
    pod.rejectedBy = new Set();
    this.failed.push(pod);
    this.schedule();
  }

  /** What a waiting Pod hoped for came to nothing: it tries again after its back-off. */
  retry(uid: string): void {
    const pod = this.known.get(uid);
    if (!pod || !this.unschedulable.delete(pod)) return;
    this.failed.push(pod);
    this.schedule();
  }

  /** Lets those Pods try again that the event may help. */
  happened(event: ClusterEvent): void {
    for (const pod of [...this.unschedulable]) {
      if (!this.rules.wakes(event, pod.info, pod.rejectedBy)) continue;
      this.unschedulable.delete(pod);
      if (pod.readyAt <= this.clock.now()) this.activate(pod);
      else this.rest(pod);
    }
  }

  private create(info: PodInfo): QueuedPod {
    const pod: QueuedPod = { info, since: this.clock.now(), attempts: 0, rejectedBy: new Set(), readyAt: 0 };
    this.known.set(info.uid, pod);
    return pod;
  }

  /** Ends the flight; answers false for a Pod that was deleted meanwhile. */
  private land(pod: QueuedPod): boolean {
    if (!this.inFlight.delete(pod)) return false;
    pod.readyAt = this.clock.now() + backoff(pod.attempts);
    return true;
  }

  private activate(pod: QueuedPod): void {
    this.active.push(pod);
    this.wake();
  }

  private rest(pod: QueuedPod): void {
    this.resting.push(pod);
    this.wake();
  }

  private leave(pod: QueuedPod): void {
    for (const place of this.places) place.delete(pod);
  }

  private schedule(): void {
    this.cancelTimer?.();
    const [oldest] = this.unschedulable;
    const longest = oldest ? oldest.readyAt + LONGEST_WAIT_MILLISECONDS : Number.POSITIVE_INFINITY;
    const due = Math.min(this.failed.peek()?.readyAt ?? Number.POSITIVE_INFINITY, longest);
    if (Number.isFinite(due)) this.cancelTimer = this.clock.after(due - this.clock.now(), () => this.flush());
  }

  private flush(): void {
    const now = this.clock.now();
    for (let pod = this.failed.peek(); pod && pod.readyAt <= now; pod = this.failed.peek()) {
      this.failed.delete(pod);
      this.activate(pod);
    }
    for (const pod of [...this.unschedulable]) {
      if (pod.readyAt + LONGEST_WAIT_MILLISECONDS > now) continue;
      this.unschedulable.delete(pod);
      this.activate(pod);
    }
    this.schedule();
  }
}
