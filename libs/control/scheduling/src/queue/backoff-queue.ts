import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import { Heap } from './heap.js';
import type { QueuedPod } from './queued-pod.js';

const WINDOW_MILLISECONDS = 1_000;

type Before = (a: QueuedPod, b: QueuedPod) => boolean;

const windowOf = ({ readyAt }: QueuedPod): number => Math.floor(readyAt / WINDOW_MILLISECONDS);

/** Of those whose back-off ends within the same second the more important goes first, whichever failed a moment earlier. */
const byWindow =
  (before: Before): Before =>
  (a, b) =>
    windowOf(a) === windowOf(b) ? before(a, b) : windowOf(a) < windowOf(b);

/** Pods that rest after an attempt. Behaves as kubernetes pkg/scheduler/backend/queue/backoff_queue.go. */
export class BackoffQueue {
  /** No node could take them; taken early when nothing else is to do. */
  private readonly refused: Heap<QueuedPod>;
  /** Failed for reasons of their own (a refused binding, say): these do wait. */
  private readonly failed = new Heap<QueuedPod>((a, b) => a.readyAt < b.readyAt);
  private cancelTimer: CancelTimer | undefined;

  /** `completed` is called with each Pod whose rest is over. */
  constructor(
    private readonly clock: Clock,
    before: Before,
    private readonly completed: (pod: QueuedPod) => void,
  ) {
    this.refused = new Heap(byWindow(before));
  }

  get size(): number {
    return this.refused.size + this.failed.size;
  }

  push(pod: QueuedPod): void {
    if (pod.errors > 0) this.failed.push(pod);
    else this.refused.push(pod);
    this.schedule();
  }

  /** One that may be taken before its time. */
  pop(): QueuedPod | undefined {
    return this.refused.pop();
  }

  delete(pod: QueuedPod): boolean {
    return this.refused.delete(pod) || this.failed.delete(pod);
  }

  close(): void {
    this.cancelTimer?.();
  }

  private schedule(): void {
    this.cancelTimer?.();
    const ends = [this.failed, this.refused].map((heap) => heap.peek()?.readyAt ?? Number.POSITIVE_INFINITY);
    const due = Math.min(...ends);
    this.cancelTimer = Number.isFinite(due)
      ? this.clock.after(due - this.clock.now(), () => this.complete())
      : undefined;
  }

  private complete(): void {
    const now = this.clock.now();
    for (const heap of [this.failed, this.refused]) {
      for (let pod = heap.peek(); pod && pod.readyAt <= now; pod = heap.peek()) {
        heap.delete(pod);
        this.completed(pod);
      }
    }
    this.schedule();
  }
}
