import type { Context } from '@binnacle/machinery-context';
import { StorageError, type StoredObject, type Write } from '@binnacle/server-storage';
import { encodeKey } from './encoding.js';

export interface QueuedWrite {
  readonly write: Write;
  /** The key as it is stored. */
  readonly key: string;
  readonly signal: AbortSignal;
  resolve(object: StoredObject): void;
  reject(error: unknown): void;
}

export interface CommitQueueOptions {
  /** Settles every write of the batch, all of different keys; never rejects. */
  readonly commit: (cluster: string, batch: readonly QueuedWrite[]) => Promise<void>;
  /** Batches in flight, each of another cluster. */
  readonly parallel: number;
  readonly maxBatch: number;
  /** Writes that may wait in one cluster before it is overloaded. */
  readonly maxQueued: number;
}

interface Lane {
  readonly cluster: string;
  queue: QueuedWrite[];
  /** In the ready list, or with a batch in flight. */
  busy: boolean;
}

const SWEEP_EVERY = 200;

/**
 * Gathers concurrent writes of a cluster into batches: whatever has come while the last batch was under way is the next
 * one. Clusters take turns, so that a busy one does not hold up the others.
 */
export class CommitQueue {
  private readonly lanes = new Map<string, Lane>();
  private ready: Lane[] = [];
  private active = 0;
  private scheduled = false;
  private closed = false;
  private cancelSweep: (() => void) | undefined;
  private idle: (() => void)[] = [];

  constructor(
    private readonly ctx: Context,
    private readonly options: CommitQueueOptions,
  ) {}

  /** Writes that wait, over all clusters. */
  get length(): number {
    let length = 0;
    for (const lane of this.lanes.values()) length += lane.queue.length;
    return length;
  }

  add(write: Write, signal: AbortSignal): Promise<StoredObject> {
    if (this.closed) return Promise.reject(new StorageError('unavailable', 'the store was closed'));
    const lane = this.lane(write.key.cluster);
    if (lane.queue.length >= this.options.maxQueued) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      lane.queue.push({ write, key: encodeKey(write.key), signal, resolve, reject });
      if (!lane.busy) this.enlist(lane);
      this.schedule();
    });
  }

  /** Takes no more writes and waits for those it has. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.lanes.size > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
    this.cancelSweep?.();
  }

  private lane(cluster: string): Lane {
    let lane = this.lanes.get(cluster);
    if (!lane) this.lanes.set(cluster, (lane = { cluster, queue: [], busy: false }));
    return lane;
  }

  private enlist(lane: Lane): void {
    lane.busy = true;
    this.ready.push(lane);
  }

  /** Once around the event loop: what arrives in the same turn goes into the same batch. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    while (this.active < this.options.parallel) {
      const lane = this.ready.shift();
      if (!lane) break;
      const batch = this.take(lane);
      if (batch.length === 0) this.release(lane);
      else void this.run(lane, batch);
    }
    if (this.length > 0) this.sweepLater();
  }

  /** The next batch: up to its limit, or up to a second write of one key, which has to see the first. */
  private take(lane: Lane): QueuedWrite[] {
    const keys = new Set<string>();
    let end = 0;
    for (const { key } of lane.queue) {
      if (keys.has(key) || end === this.options.maxBatch) break;
      keys.add(key);
      end += 1;
    }
    return lane.queue.splice(0, end).filter((queued) => !rejectAborted(queued));
  }

  private async run(lane: Lane, batch: readonly QueuedWrite[]): Promise<void> {
    this.active += 1;
    await this.options.commit(lane.cluster, batch);
    this.active -= 1;
    this.release(lane);
    this.schedule();
  }

  private release(lane: Lane): void {
    lane.busy = false;
    if (lane.queue.length > 0) return this.enlist(lane);
    this.lanes.delete(lane.cluster);
    if (this.lanes.size > 0) return;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Callers that gave up while the database did not answer are told so, not only when their turn comes. */
  private sweepLater(): void {
    this.cancelSweep ??= this.ctx.clock.after(SWEEP_EVERY, () => {
      this.cancelSweep = undefined;
      for (const lane of this.lanes.values()) lane.queue = lane.queue.filter((queued) => !rejectAborted(queued));
      if (this.length > 0) this.sweepLater();
    });
  }
}

function rejectAborted(queued: QueuedWrite): boolean {
  if (!queued.signal.aborted) return false;
  queued.reject(queued.signal.reason);
  return true;
}

function overloaded(): StorageError {
  return new StorageError('overloaded', 'too many writes are waiting', { retryAfterSeconds: 1 });
}
