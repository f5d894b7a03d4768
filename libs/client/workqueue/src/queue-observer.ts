import type { Clock } from '@binnacle/machinery-context';

/** Is told what happens in a queue; what client-go's workqueue metrics count. Durations are milliseconds. */
export interface QueueObserver {
  /** A key came to wait that did not before. */
  added(): void;
  /** A worker took a key, which had waited so long. Answers what is called when the work is done. */
  taken(waited: number): (worked: number) => void;
  /** A key waits for another try. */
  retried(): void;
  /** The queue was closed while so many keys waited. */
  dropped(count: number): void;
}

/** Times the keys of one queue for an observer; without one it keeps nothing. */
export class QueueTimings {
  private readonly waitingSince = new Map<string, number>();
  private readonly working = new Map<string, { readonly since: number; readonly done: (worked: number) => void }>();

  constructor(
    private readonly clock: Clock,
    private readonly observer: QueueObserver | undefined,
  ) {}

  added(key: string): void {
    if (!this.observer || this.waitingSince.has(key)) return;
    this.waitingSince.set(key, this.clock.now());
    this.observer.added();
  }

  taken(key: string): void {
    if (!this.observer) return;
    const now = this.clock.now();
    const done = this.observer.taken(now - (this.waitingSince.get(key) ?? now));
    this.waitingSince.delete(key);
    this.working.set(key, { since: now, done });
  }

  done(key: string): void {
    const work = this.working.get(key);
    this.working.delete(key);
    work?.done(this.clock.now() - work.since);
  }

  retried(): void {
    this.observer?.retried();
  }

  closed(): void {
    this.observer?.dropped(this.waitingSince.size);
    this.waitingSince.clear();
  }
}
