import type { CancelTimer, Clock } from '@binnacle/machinery-context';

interface Waiting {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Calls back after one and the same time. Nearly all who ask have gone by then: so they wait in line behind one timer, which
 * costs each of them next to nothing.
 */
export class Deadlines {
  /** In the order they came, which is that in which they are due. */
  private readonly waiting = new Set<Waiting>();
  private cancelTimer: CancelTimer | undefined;

  /** `delay` is in milliseconds. */
  constructor(
    private readonly clock: Clock,
    private readonly delay: number,
  ) {}

  add(callback: () => void): CancelTimer {
    const entry = { at: this.clock.now() + this.delay, callback };
    this.waiting.add(entry);
    this.cancelTimer ??= this.clock.after(this.delay, () => this.due());
    return () => this.forget(entry);
  }

  private forget(entry: Waiting): void {
    this.waiting.delete(entry);
    if (this.waiting.size > 0) return;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private due(): void {
    this.cancelTimer = undefined;
    const now = this.clock.now();
    for (const entry of this.waiting) {
      if (entry.at > now) return this.wait(entry.at - now);
      this.waiting.delete(entry);
      entry.callback();
    }
  }

  private wait(milliseconds: number): void {
    this.cancelTimer ??= this.clock.after(milliseconds, () => this.due());
  }
}
