import type { Inhabitant } from './inhabitant.js';
import type { Target, TrafficRules } from './traffic.js';

/** Dials of one wire that wait for a policy to go; each holds a few hundred bytes. */
const MOST_WAITING = 10_000;

export const TIMED_OUT = 'connection timed out';

/** Lets Pods dial what they may. What they may not is as if nobody answered. */
export class Gate {
  private waiting = 0;

  constructor(private readonly rules: TrafficRules) {}

  /**
   * Resolves at once where a Pod may dial, or when it may: a system that gets no answer tries again and again. Rejects when the
   * time is over, as where nobody answers.
   */
  async pass(from: Inhabitant, to: Target, timeoutMilliseconds: number): Promise<void> {
    if (this.rules.mayDial(from, to)) return;
    if (this.waiting >= MOST_WAITING) throw new Error('too many connections are waiting');
    this.waiting += 1;
    await this.wait(from, to, timeoutMilliseconds).finally(() => {
      this.waiting -= 1;
    });
  }

  private wait(from: Inhabitant, to: Target, timeoutMilliseconds: number): Promise<void> {
    const late = AbortSignal.timeout(timeoutMilliseconds);
    return new Promise((resolve, reject) => {
      const stop = this.rules.onChange(() => {
        if (!this.rules.mayDial(from, to)) return;
        stop();
        resolve();
      });
      late.addEventListener('abort', () => {
        stop();
        reject(new Error(TIMED_OUT));
      });
    });
  }

  /** Calls back when what goes on may no longer; answers how to hear no more of that. */
  whenForbidden(from: Inhabitant, to: Target, act: () => void): () => void {
    return this.rules.onChange(() => {
      if (!this.rules.mayDial(from, to)) act();
    });
  }
}
