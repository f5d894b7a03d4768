import { Turns } from './turns.js';

export interface RoundBounds {
  /** Begun in one round at the most. */
  readonly most: number;
  /** Milliseconds after which no more is begun in a round. */
  readonly slice: number;
}

/** Asked for the time only this often: most rounds begin less than that. */
const LOOK_EVERY = 8;

/**
 * Begins what arrives at once, until a round of the event loop has had its part. What is too much waits for the next rounds,
 * in which those who ask take turns: who sends a thousand things at a time waits for itself, and whoever sends one is next.
 */
export class FairRounds<Asker> {
  private readonly waiting = new Turns<Asker, () => void>();
  private begun = 0;
  private since = 0;
  private isCounting = false;

  /** `later` calls back when the event loop has come round; `now` is in milliseconds. */
  constructor(
    private readonly bounds: RoundBounds,
    private readonly later: (callback: () => void) => void = setImmediate,
    private readonly now: () => number = () => performance.now(),
  ) {}

  begin(asker: Asker, start: () => void): void {
    if (this.waiting.isEmpty && !this.isSpent()) {
      this.begun += 1;
      start();
      return;
    }
    this.waiting.add(asker, start);
  }

  private isSpent(): boolean {
    if (!this.isCounting) this.count();
    if (this.begun >= this.bounds.most) return true;
    return this.begun > 0 && this.begun % LOOK_EVERY === 0 && this.now() - this.since > this.bounds.slice;
  }

  private count(): void {
    this.isCounting = true;
    this.begun = 0;
    this.since = this.now();
    this.later(() => {
      this.isCounting = false;
      this.goOn();
    });
  }

  private goOn(): void {
    while (!this.waiting.isEmpty && !this.isSpent()) {
      this.begun += 1;
      this.waiting.take()?.();
    }
  }
}
