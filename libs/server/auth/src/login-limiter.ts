import type { Clock } from '@binnacle/machinery-context';

interface Failures {
  count: number;
  /** Milliseconds since the epoch until which nothing more is tried. */
  blockedUntil: number;
}

const FREE_ATTEMPTS = 5;
const FIRST_PAUSE_MILLISECONDS = 2_000;
const LONGEST_PAUSE_MILLISECONDS = 5 * 60_000;
const MOST_NAMES = 10_000;

/** Slows guessing down: after a few failures a name has to wait, twice as long each time. */
export class LoginLimiter {
  private readonly failures = new Map<string, Failures>();

  constructor(private readonly clock: Clock) {}

  /** Seconds until the next attempt may be made; 0 where it may be made now. */
  waitSeconds(name: string): number {
    const until = this.failures.get(name)?.blockedUntil ?? 0;
    return Math.max(0, Math.ceil((until - this.clock.now()) / 1000));
  }

  failed(name: string): void {
    const known = this.failures.get(name) ?? { count: 0, blockedUntil: 0 };
    known.count += 1;
    const over = known.count - FREE_ATTEMPTS;
    if (over >= 0) {
      const pause = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** over);
      known.blockedUntil = this.clock.now() + pause;
    }
    this.failures.delete(name);
    this.failures.set(name, known);
    const [oldest] = this.failures.keys();
    if (this.failures.size > MOST_NAMES && oldest !== undefined) this.failures.delete(oldest);
  }

  succeeded(name: string): void {
    this.failures.delete(name);
  }
}
