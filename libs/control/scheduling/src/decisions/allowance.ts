import type { Clock } from '@binnacle/machinery-context';

export interface AllowanceLimits {
  readonly perSecond: number;
  /** At once after a rest. */
  readonly most: number;
  /** Of those who ask without a rest, one in so many. */
  readonly oneIn: number;
}

/** Nobody asked for so many milliseconds. */
const REST_MILLISECONDS = 1_000;

/** So many at once, and so many a second after that; but of many who come in a row only a share, however slow the machine is. */
export class Allowance {
  private left: number;
  private at: number;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly limits: AllowanceLimits,
  ) {
    this.left = limits.most;
    this.at = clock.now();
  }

  /** Whether one more may be; it is taken then. */
  take(): boolean {
    this.left = Math.min(this.limits.most, this.left + this.earned());
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }

  private earned(): number {
    const { perSecond, oneIn } = this.limits;
    const now = this.clock.now();
    const passed = now - this.at;
    this.at = now;
    const byTime = (passed / 1_000) * perSecond;
    return passed >= REST_MILLISECONDS ? byTime : Math.min(byTime, 1 / oneIn);
  }
}
