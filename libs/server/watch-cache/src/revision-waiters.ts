import { type Ends, endReason, hasEnded, whenEnded } from '@binnacle/machinery-context';
import type { Revision } from '@binnacle/server-storage';

interface Waiter {
  readonly revision: Revision;
  resolve(): void;
  reject(error: unknown): void;
}

/** Readers that wait for a cache to hold a revision. */
export class RevisionWaiters {
  private waiters = new Set<Waiter>();

  wait(ctx: Ends, revision: Revision): Promise<void> {
    return new Promise((resolve, reject) => {
      if (hasEnded(ctx)) return reject(endReason(ctx) as Error);
      const settle = (act: () => void) => {
        this.waiters.delete(waiter);
        stay();
        act();
      };
      const stay = whenEnded(ctx, () => settle(() => reject(endReason(ctx) as Error)));
      const waiter: Waiter = {
        revision,
        resolve: () => settle(resolve),
        reject: (error) => settle(() => reject(error)),
      };
      this.waiters.add(waiter);
    });
  }

  reached(revision: Revision): void {
    for (const waiter of [...this.waiters]) if (waiter.revision <= revision) waiter.resolve();
  }

  rejectAll(error: Error): void {
    for (const waiter of [...this.waiters]) waiter.reject(error);
  }
}
