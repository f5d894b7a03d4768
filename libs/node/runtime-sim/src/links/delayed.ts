import type { CancelTimer, Clock } from '@binnacle/machinery-context';

interface Waiting {
  readonly at: number;
  readonly bytes: number;
  readonly arrive: () => void;
}

/** What is on its way, in the order in which it was sent. */
export class Delayed {
  private readonly waiting: Waiting[] = [];
  private cancel: CancelTimer | undefined;
  private isHeld = false;
  /** Bytes that are on their way. */
  bytes = 0;

  constructor(private readonly clock: Clock) {}

  add(at: number, bytes: number, arrive: () => void): void {
    this.waiting.push({ at, bytes, arrive });
    this.bytes += bytes;
    if (this.waiting.length === 1) this.wait();
  }

  /** Nothing arrives until it is let go. */
  hold(): void {
    this.isHeld = true;
  }

  letGo(): void {
    this.isHeld = false;
    this.wait();
  }

  clear(): void {
    this.cancel?.();
    this.waiting.length = 0;
    this.bytes = 0;
  }

  private wait(): void {
    const [first] = this.waiting;
    this.cancel?.();
    this.cancel = undefined;
    if (!first || this.isHeld) return;
    this.cancel = this.clock.after(Math.max(0, Math.ceil(first.at - this.clock.now())), () => this.arrive());
  }

  private arrive(): void {
    const now = this.clock.now();
    while (!this.isHeld && this.waiting[0] && this.waiting[0].at <= now) {
      const next = this.waiting.shift() as Waiting;
      this.bytes -= next.bytes;
      next.arrive();
    }
    this.wait();
  }
}
