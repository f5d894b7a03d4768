import type { Revision } from '@binnacle/server-storage';

interface Waiter {
  readonly revision: Revision;
  resolve(): void;
  reject(error: unknown): void;
}

/** Readers that wait for a cache to hold a revision. */
export class RevisionWaiters {
  private waiters = new Set<Waiter>();

  wait(signal: AbortSignal, revision: Revision): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const settle = (act: () => void) => {
        this.waiters.delete(waiter);
        signal.removeEventListener('abort', onAbort);
        act();
      };
      const onAbort = () => settle(() => reject(signal.reason));
      const waiter: Waiter = {
        revision,
        resolve: () => settle(resolve),
        reject: (error) => settle(() => reject(error)),
      };
      signal.addEventListener('abort', onAbort, { once: true });
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
