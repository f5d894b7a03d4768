import type { Context } from '@binnacle/machinery-context';

interface Waiter {
  readonly holds: () => boolean;
  readonly resolve: () => void;
}

/** Those who wait for something to become true; asked again each time `check` is called. */
export class Waiters {
  private readonly waiting = new Set<Waiter>();

  /** Resolves as soon as `holds`; rejects with the context's reason when that aborts first. */
  until(ctx: Context, holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      if (ctx.signal.aborted) return reject(ctx.signal.reason);
      const abort = () => {
        this.waiting.delete(waiter);
        reject(ctx.signal.reason);
      };
      const waiter: Waiter = {
        holds,
        resolve: () => {
          ctx.signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      ctx.signal.addEventListener('abort', abort, { once: true });
      this.waiting.add(waiter);
    });
  }

  check(): void {
    for (const waiter of this.waiting) {
      if (!waiter.holds()) continue;
      this.waiting.delete(waiter);
      waiter.resolve();
    }
  }
}
