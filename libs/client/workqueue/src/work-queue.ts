import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import { type QueueObserver, QueueTimings } from './queue-observer.js';

export interface WorkQueueOptions {
  /** Milliseconds before the first retry; doubles with each further one. */
  readonly firstRetry?: number;
  readonly longestRetry?: number;
}

interface Delayed {
  readonly due: number;
  readonly cancel: CancelTimer;
}

const FIRST_RETRY_MILLISECONDS = 5;
const LONGEST_RETRY_MILLISECONDS = 1_000_000;

/**
 * Keys that wait for work. A key waits once however often it is added; while it is worked on, another add makes it wait
 * again afterwards, so no two workers ever have the same key. Behaves as kubernetes client-go util/workqueue.
 */
export class WorkQueue {
  private readonly waiting = new Set<string>();
  private readonly processing = new Set<string>();
  private readonly again = new Set<string>();
  private readonly delayed = new Map<string, Delayed>();
  private readonly failures = new Map<string, number>();
  private readonly takers: Array<(key: string | undefined) => void> = [];
  private readonly firstRetry: number;
  private readonly longestRetry: number;
  private readonly timings: QueueTimings;
  private closed = false;

  constructor(
    private readonly clock: Clock,
    options: WorkQueueOptions = {},
    observer?: QueueObserver,
  ) {
    this.timings = new QueueTimings(clock, observer);
    this.firstRetry = options.firstRetry ?? FIRST_RETRY_MILLISECONDS;
    this.longestRetry = options.longestRetry ?? LONGEST_RETRY_MILLISECONDS;
  }

  /** Keys that wait for a worker now; delayed ones are not counted. */
  get length(): number {
    return this.waiting.size;
  }

  /** Whether a key waits for a worker or is worked on. */
  get busy(): boolean {
    return this.waiting.size > 0 || this.processing.size > 0;
  }

  /** When the first delayed key is due, in milliseconds of the clock; undefined where none is delayed. */
  get nextDue(): number | undefined {
    let next: number | undefined;
    for (const { due } of this.delayed.values()) if (next === undefined || due < next) next = due;
    return next;
  }

  add(key: string): void {
    if (this.closed) return;
    this.timings.added(key);
    if (this.processing.has(key)) {
      this.again.add(key);
      return;
    }
    this.offer(key);
  }

  private offer(key: string): void {
    const taker = this.waiting.has(key) ? undefined : this.takers.shift();
    if (!taker) {
      this.waiting.add(key);
      return;
    }
    this.begin(key);
    taker(key);
  }

  private begin(key: string): void {
    this.processing.add(key);
    this.timings.taken(key);
  }

  /** Adds the key in `delay` milliseconds; of several delays the soonest counts. */
  addAfter(key: string, delay: number): void {
    if (delay <= 0) return this.add(key);
    if (this.closed) return;
    const due = this.clock.now() + delay;
    const known = this.delayed.get(key);
    if (known && known.due <= due) return;
    known?.cancel();
    const cancel = this.clock.after(delay, () => {
      this.delayed.delete(key);
      this.add(key);
    });
    this.delayed.set(key, { due, cancel });
  }

  /** Adds the key after a delay that grows with every call until `forget`. */
  addRateLimited(key: string): void {
    const failures = this.failures.get(key) ?? 0;
    this.failures.set(key, failures + 1);
    this.timings.retried();
    this.addAfter(key, Math.min(this.firstRetry * 2 ** failures, this.longestRetry));
  }

  retries(key: string): number {
    return this.failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.failures.delete(key);
  }

  /** The next key to work on, in order of arrival; undefined once the queue is closed. Call `done` afterwards. */
  take(): Promise<string | undefined> {
    if (this.closed) return Promise.resolve(undefined);
    const [key] = this.waiting;
    if (key === undefined) return new Promise((resolve) => this.takers.push(resolve));
    this.waiting.delete(key);
    this.begin(key);
    return Promise.resolve(key);
  }

  done(key: string): void {
    this.processing.delete(key);
    this.timings.done(key);
    if (this.again.delete(key) && !this.closed) this.offer(key);
  }

  /** Wakes every worker with nothing and forgets what waits. */
  close(): void {
    this.closed = true;
    for (const { cancel } of this.delayed.values()) cancel();
    this.delayed.clear();
    this.waiting.clear();
    this.timings.closed();
    for (const taker of this.takers.splice(0)) taker(undefined);
  }
}
