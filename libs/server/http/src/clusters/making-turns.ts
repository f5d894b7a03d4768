import { type Ends, endReason, hasEnded, whenEnded } from '@binnacle/machinery-context';
import { newTooManyRequests } from '@binnacle/machinery-meta';

/** Each is some fifty writes, and every program begins to watch it. */
const TOGETHER = 4;
/** More would not have their turn before their time is up. */
const MOST_WAITING = 100;
const RETRY_SECONDS = 5;

/** Lets few clusters be made at a time, and many wait for it in the order they came. */
export class MakingTurns {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  get queued(): number {
    return this.waiting.length;
  }

  /** Rejects with TooManyRequests where too many wait, and with why the context has ended where that comes first. */
  async run<T>(ctx: Ends, make: () => Promise<T>): Promise<T> {
    if (this.running >= TOGETHER) await this.turn(ctx);
    else this.running += 1;
    try {
      return await make();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private turn(ctx: Ends): Promise<void> {
    if (this.waiting.length >= MOST_WAITING) {
      throw newTooManyRequests('too many clusters are being made, please try again later', RETRY_SECONDS);
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        stay();
        resolve();
      };
      const leave = () => {
        const at = this.waiting.indexOf(go);
        if (at >= 0) this.waiting.splice(at, 1);
        reject(endReason(ctx) as Error);
      };
      if (hasEnded(ctx)) return leave();
      const stay = whenEnded(ctx, leave);
      this.waiting.push(go);
    });
  }
}
