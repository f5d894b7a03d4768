import type { Context, Ending } from '@binnacle/machinery-context';
import { StorageError, type StoredObject, type Write } from '@binnacle/server-storage';
import { encodeKey } from '../encoding.js';

export interface QueuedWrite {
  readonly write: Write;
  /** The key as it is stored. */
  readonly key: string;
  /** Of who asked for it. */
  readonly ending: Pick<Ending, 'aborted' | 'reason'>;
  /** When it has waited long enough, in milliseconds since the epoch. */
  readonly deadline: number;
  resolve(object: StoredObject): void;
  reject(error: unknown): void;
}

export interface CommitQueueOptions {
  /** Settles every write of the batch, all of different keys; never rejects. Batches of a cluster are stored in order. */
  readonly commit: (cluster: string, batch: readonly QueuedWrite[]) => Promise<void>;
  /** Clusters with batches under way. */
  readonly parallel: number;
  readonly maxBatch: number;
  /** Bytes of bodies in a batch, unless its only write has more. */
  readonly maxBatchBytes: number;
  /** Milliseconds a write may wait for its batch. */
  readonly patience: number;
  /** Writes that may wait in one cluster before it is overloaded. */
  readonly maxQueued: number;
}

interface Lane {
  readonly cluster: string;
  queue: QueuedWrite[];
  /** The batches under way, oldest first. */
  readonly flying: (readonly QueuedWrite[])[];
}

/** A second batch follows the one under way when it has at least this many writes: fewer wait, and become part of more. */
const FOLLOWERS = 16;
const SWEEP_EVERY = 200;

/**
 * Gathers concurrent writes of a cluster into batches: whatever has come while the last batch was under way is the next
 * one. Many go as two halves, one after the other, so that this process prepares one while the database stores the other.
 * Clusters take turns, so that a busy one does not hold up the others.
 */
export class CommitQueue {
  private readonly lanes = new Map<string, Lane>();
  /** Have writes, and wait for their turn. */
  private ready: Lane[] = [];
  private readonly flying = new Set<Lane>();
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

  add(write: Write, ending: QueuedWrite['ending']): Promise<StoredObject> {
    if (this.closed) return Promise.reject(new StorageError('unavailable', 'the store was closed'));
    const lane = this.lane(write.key.cluster);
    if (lane.queue.length >= this.options.maxQueued) return Promise.reject(overloaded());
    const deadline = this.ctx.clock.now() + this.options.patience;
    return new Promise((resolve, reject) => {
      lane.queue.push({ write, key: encodeKey(write.key), ending, deadline, resolve, reject });
      if (lane.queue.length === 1 && lane.flying.length === 0) this.ready.push(lane);
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
    if (!lane) this.lanes.set(cluster, (lane = { cluster, queue: [], flying: [] }));
    return lane;
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
    while (this.flying.size < this.options.parallel) {
      const lane = this.ready.shift();
      if (!lane) break;
      this.send(lane, Math.min(lane.queue.length, Math.max(FOLLOWERS, (lane.queue.length + 1) >> 1)));
    }
    // While nobody else waits for a turn.
    if (this.ready.length === 0) {
      for (const lane of this.flying) if (isFollowed(lane)) this.send(lane, lane.queue.length);
    }
    if (this.lanes.size > 0) this.sweepLater();
  }

  private send(lane: Lane, size: number): void {
    const batch = this.take(lane, size);
    if (batch.length === 0) this.release(lane);
    else void this.run(lane, batch);
  }

  /** The next batch: up to that many writes, or up to a second write of one key, which has to see the first. */
  private take(lane: Lane, size: number): QueuedWrite[] {
    const limit = Math.min(size, this.options.maxBatch);
    const keys = new Set<string>();
    let bytes = 0;
    for (const { key, write } of lane.queue) {
      bytes += write.body.length;
      if (keys.size === limit || keys.has(key) || (bytes > this.options.maxBatchBytes && keys.size > 0)) break;
      keys.add(key);
    }
    return lane.queue.splice(0, keys.size).filter((queued) => !rejectAborted(queued));
  }

  private async run(lane: Lane, batch: readonly QueuedWrite[]): Promise<void> {
    lane.flying.push(batch);
    this.flying.add(lane);
    await this.options.commit(lane.cluster, batch);
    lane.flying.shift();
    this.release(lane);
    this.schedule();
  }

  private release(lane: Lane): void {
    if (lane.flying.length > 0) return;
    this.flying.delete(lane);
    if (lane.queue.length > 0) {
      this.ready.push(lane);
      return;
    }
    this.lanes.delete(lane.cluster);
    if (this.lanes.size > 0) return;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  /**
   * Callers that gave up, or waited for too long, while the database did not answer are told so before their turn comes; who gave
   * up while the batch is under way, before its outcome is known.
   */
  private sweepLater(): void {
    this.cancelSweep ??= this.ctx.clock.after(SWEEP_EVERY, () => {
      this.cancelSweep = undefined;
      const now = this.ctx.clock.now();
      for (const lane of this.lanes.values()) {
        lane.queue = lane.queue.filter((queued) => !rejectAborted(queued) && !rejectLate(queued, now));
        for (const batch of lane.flying) batch.forEach(rejectAborted);
      }
      if (this.lanes.size > 0) this.sweepLater();
    });
  }
}

/** Whether a batch of what waits is worth sending after the only one under way: it must not be much smaller. */
function isFollowed({ queue, flying }: Lane): boolean {
  return flying.length === 1 && queue.length >= FOLLOWERS && queue.length * 2 >= (flying[0]?.length ?? 0);
}

function rejectAborted(queued: QueuedWrite): boolean {
  if (!queued.ending.aborted) return false;
  queued.reject(queued.ending.reason);
  return true;
}

function rejectLate(queued: QueuedWrite, now: number): boolean {
  if (now < queued.deadline) return false;
  const message = 'the write was not stored: the store did not get to it in time';
  queued.reject(new StorageError('unavailable', message, { retryAfterSeconds: 1 }));
  return true;
}

function overloaded(): StorageError {
  return new StorageError('overloaded', 'too many writes are waiting', { retryAfterSeconds: 1 });
}
