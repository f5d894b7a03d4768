import type { Clock } from '@binnacle/machinery-context';

/** What a value did over a period. */
export interface Moments {
  /** Milliseconds. */
  readonly duration: number;
  readonly average: number;
  readonly deviation: number;
  readonly max: number;
}

/** Follows a value over time. Behaves as apiserver pkg/util/flowcontrol/fairqueuing integrator. */
export class Integrator {
  private value = 0;
  private max = 0;
  private duration = 0;
  private sum = 0;
  private squares = 0;
  private last: number;

  constructor(private readonly clock: Pick<Clock, 'now'>) {
    this.last = clock.now();
  }

  set(value: number): void {
    this.advance();
    this.value = value;
    if (value > this.max) this.max = value;
  }

  /** Tells what was since the last time, and begins anew. */
  reset(): Moments {
    this.advance();
    const { duration, sum, squares, max, value } = this;
    const average = duration > 0 ? sum / duration : 0;
    const variance = duration > 0 ? squares / duration - average * average : 0;
    this.duration = this.sum = this.squares = 0;
    this.max = value;
    return { duration, average, deviation: Math.sqrt(Math.max(0, variance)), max };
  }

  private advance(): void {
    const now = this.clock.now();
    const passed = now - this.last;
    this.last = now;
    this.duration += passed;
    this.sum += this.value * passed;
    this.squares += this.value * this.value * passed;
  }
}
