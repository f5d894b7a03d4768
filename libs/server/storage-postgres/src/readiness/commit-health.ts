import type { Clock } from '@binnacle/machinery-context';
import { StorageError } from '@binnacle/server-storage';
import { reasonOf } from '../errors.js';

/** Milliseconds a batch may be under way before it counts as stuck, and a failure counts when nothing was stored since. */
const STUCK = 4_000;
const REMEMBERED = 10_000;

/** What the commits of this process say about whether the next would succeed. */
export class CommitHealth {
  private readonly underWay = new Set<{ readonly since: number }>();
  private failure: { readonly at: number; readonly error: unknown } | undefined;

  constructor(private readonly clock: Clock) {}

  /** A batch is sent; the answer is to be called with how it ended. */
  begin(): (outcome: 'answered' | 'failed', error?: unknown) => void {
    const batch = { since: this.clock.now() };
    this.underWay.add(batch);
    return (outcome, error) => {
      this.underWay.delete(batch);
      this.failure = outcome === 'failed' ? { at: this.clock.now(), error } : undefined;
    };
  }

  /** Throws `unavailable` with why the next commit would hardly succeed. */
  check(): void {
    const now = this.clock.now();
    const [oldest] = this.underWay;
    if (oldest && now - oldest.since > STUCK) throw unwell('a write waits for the database');
    if (this.failure && now - this.failure.at < REMEMBERED) throw unwell(reasonOf(this.failure.error));
  }
}

function unwell(message: string): StorageError {
  return new StorageError('unavailable', message, { retryAfterSeconds: 1 });
}
