import type { Clock } from '@binnacle/machinery-context';

/** So many at once, and so many a second after that. */
export class Allowance {
  private left: number;
  private at: number;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly perSecond: number,
    private readonly most: number,
  ) {
    this.left = most;
    this.at = clock.now();
  }

  /** Whether one more may be; it is taken then. */
  take(): boolean {
    const now = this.clock.now();
    this.left = Math.min(this.most, this.left + ((now - this.at) / 1_000) * this.perSecond);
    this.at = now;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
