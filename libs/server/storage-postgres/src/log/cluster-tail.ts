import type { Change, LogListener, Revision } from '@binnacle/server-storage';

export interface TailSource {
  /** Consecutive changes after a revision, up to another (inclusive), at most a chunk of them. */
  read(after: Revision, upTo?: Revision): Promise<readonly Change[]>;
  /** Whether a batch of this process is under way, whose changes will come in by themselves. */
  committing(): boolean;
  /** Waits before reading again after a failure, or for what is under way. */
  pause(): Promise<void>;
  /** Whether a failure is final: the history or the cluster is gone, or the store closed. */
  isFinal(error: unknown): boolean;
}

interface Follower {
  readonly listener: LogListener;
  /** The last revision it was given. */
  cursor: Revision;
  stopped: boolean;
}

/**
 * The end of one cluster's log in this process. What this process commits comes in directly, in revision order; what
 * others commit is read from the database when a notification says so. Followers see every change once, in order.
 */
export class ClusterTail {
  private readonly followers = new Set<Follower>();
  /** Own batches ahead of the position, by the revision before them. */
  private readonly early = new Map<Revision, readonly Change[]>();
  private position: Revision = -1;
  private target: Revision = -1;
  private reading = false;
  private waiting = false;
  /** Counts what asked for a read, so that a read knows what came while it was under way. */
  private asked = 0;

  constructor(private readonly source: TailSource) {}

  get idle(): boolean {
    return this.followers.size === 0;
  }

  get newest(): Revision {
    return Math.max(this.position, this.target);
  }

  follow(after: Revision, listener: LogListener): () => void {
    const follower: Follower = { listener, cursor: after, stopped: false };
    if (this.idle) {
      this.position = after;
      this.early.clear();
    }
    this.followers.add(follower);
    if (after < this.position) void this.backfill(follower);
    // Between the follower's starting point and now there may be changes nobody will announce again.
    else this.catchUp(after + 1);
    return () => {
      follower.stopped = true;
      this.followers.delete(follower);
    };
  }

  /** Changes this process committed. */
  published(base: Revision, changes: readonly Change[]): void {
    if (this.idle) return;
    if (base > this.position) {
      this.early.set(base, changes);
      this.catchUp(base);
      return;
    }
    this.advance(changes);
    this.drainEarly();
  }

  /** Somebody committed up to this revision. */
  notified(revision: Revision): void {
    if (!this.idle && revision > this.position) this.catchUp(revision);
  }

  fail(error: Error): void {
    for (const follower of [...this.followers]) this.drop(follower, error);
    this.early.clear();
  }

  /** Makes sure that everything up to the revision has been read, or is being read. */
  catchUp(revision: Revision): void {
    this.target = Math.max(this.target, revision);
    this.asked += 1;
    if (this.reading) return;
    // What is announced is most often our own, and comes in by itself; a batch ahead of a gap tells that it is not.
    if (this.early.size > 0 || !this.source.committing()) void this.read();
    else void this.readLater();
  }

  /** No batch of this process is under way any more. */
  landed(): void {
    if (!this.reading && this.position < this.target) void this.read();
  }

  /** Should what is under way take long, others' changes do not wait for it. */
  private async readLater(): Promise<void> {
    if (this.waiting) return;
    this.waiting = true;
    await this.source.pause();
    this.waiting = false;
    if (!this.reading) void this.read();
  }

  private async read(): Promise<void> {
    this.reading = true;
    while (!this.idle && this.position < this.target) {
      const ended = await this.readOnce();
      if (ended) break;
    }
    this.reading = false;
    this.target = this.position;
  }

  /** True when there is nothing more to read. */
  private async readOnce(): Promise<boolean> {
    const next = Math.min(...this.early.keys());
    const { asked } = this;
    try {
      const changes = await this.source.read(this.position, Number.isFinite(next) ? next : undefined);
      if (this.idle) return true;
      this.advance(changes);
      this.drainEarly();
      // A commit announced while this was read may not have been visible to it.
      return changes.length === 0 && this.asked === asked;
    } catch (error) {
      if (this.source.isFinal(error)) {
        this.fail(error as Error);
        return true;
      }
      await this.source.pause();
      return false;
    }
  }

  private drainEarly(): void {
    for (let next = this.early.get(this.position); next; next = this.early.get(this.position)) {
      this.early.delete(this.position);
      this.advance(next);
    }
    for (const base of this.early.keys()) if (base < this.position) this.early.delete(base);
  }

  /** Hands on what lies beyond the position. What does not join on to it was read for followers that are gone. */
  private advance(changes: readonly Change[]): void {
    const fresh = beyond(changes, this.position);
    const last = fresh[fresh.length - 1];
    if (!last || fresh[0]?.object.revision !== this.position + 1) return;
    const base = this.position;
    this.position = last.object.revision;
    for (const follower of [...this.followers]) {
      if (follower.cursor >= base) give(follower, fresh);
    }
  }

  /** Reads what a follower that starts in the past has missed, until it has caught up with the others. */
  private async backfill(follower: Follower): Promise<void> {
    while (!follower.stopped && follower.cursor < this.position) {
      try {
        give(follower, await this.source.read(follower.cursor, this.position));
      } catch (error) {
        if (this.source.isFinal(error)) return this.drop(follower, error as Error);
        await this.source.pause();
      }
    }
  }

  private drop(follower: Follower, error: Error): void {
    this.followers.delete(follower);
    if (follower.stopped) return;
    follower.stopped = true;
    follower.listener.failed(error);
  }
}

function give(follower: Follower, changes: readonly Change[]): void {
  const fresh = beyond(changes, follower.cursor);
  const last = fresh[fresh.length - 1];
  if (!last || follower.stopped) return;
  follower.cursor = last.object.revision;
  follower.listener.changes(fresh);
}

function beyond(changes: readonly Change[], revision: Revision): readonly Change[] {
  const first = changes[0];
  if (!first || first.object.revision > revision) return changes;
  return changes.filter((change) => change.object.revision > revision);
}
