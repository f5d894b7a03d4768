import type { Context } from '@binnacle/machinery-context';

/** What comes of a queue: that something waits, and that all of it is done. Times are milliseconds since the epoch. */
export interface SyncObserver {
  queued(now: number): void;
  /** Everything that waited has been carried out. */
  synced(began: number, now: number): void;
}

/** How long others wait while plans are made. */
const SLICE_MILLISECONDS = 10;
const RETRY_MILLISECONDS = 1_000;

/**
 * Keys that are to be carried out anew. What arrives together is done together, before the loop turns to other work, as far as
 * that takes no longer than a slice. What fails is tried again, and nothing is in sync meanwhile.
 */
export class SyncQueue {
  private readonly waiting = new Set<string>();
  private readonly failed = new Set<string>();
  private ctx: Context | undefined;
  private isScheduled = false;
  private began: number | undefined;

  constructor(
    private readonly carryOut: (key: string) => void,
    private readonly observer: SyncObserver,
  ) {}

  /** How much waits or has failed. */
  get size(): number {
    return this.waiting.size + this.failed.size;
  }

  mark(keys: readonly string[]): void {
    for (const key of keys) this.waiting.add(key);
    if (!this.ctx || keys.length === 0) return;
    this.observer.queued(this.ctx.clock.now());
    if (this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => this.run());
  }

  /** Carries out what waits, and from then on what is marked, until it is stopped. */
  start(ctx: Context): void {
    this.ctx = ctx;
    this.observer.queued(ctx.clock.now());
    this.isScheduled = true;
    this.run();
  }

  stop(): void {
    this.ctx = undefined;
    this.began = undefined;
    this.failed.clear();
  }

  private run(): void {
    this.isScheduled = false;
    const ctx = this.ctx;
    if (!ctx) return;
    const start = ctx.clock.now();
    this.began ??= start;
    for (const key of this.waiting) {
      this.waiting.delete(key);
      this.carryOutOne(ctx, key);
      if (ctx.clock.now() - start >= SLICE_MILLISECONDS) break;
    }
    if (this.waiting.size > 0) this.goOn();
    else if (this.failed.size === 0) this.done(ctx);
  }

  private goOn(): void {
    this.isScheduled = true;
    setImmediate(() => this.run());
  }

  private done({ clock }: Context): void {
    const now = clock.now();
    const began = this.began ?? now;
    this.began = undefined;
    this.observer.synced(began, now);
  }

  private carryOutOne(ctx: Context, key: string): void {
    try {
      this.carryOut(key);
      this.failed.delete(key);
    } catch (error) {
      ctx.logger.error('a Service cannot be carried', { service: key, error });
      this.failed.add(key);
      ctx.clock.after(RETRY_MILLISECONDS, () => {
        if (this.ctx === ctx && this.failed.has(key)) this.mark([key]);
      });
    }
  }
}
