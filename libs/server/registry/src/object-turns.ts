import { type Ends, endReason, hasEnded, type Soon, whenEnded } from '@binnacle/machinery-context';

/**
 * Lets the writers of one object go one after another. Each starts from the state the one before made; all at once they
 * would only make each other start again, and the more of them there are the less gets done. Between API servers the store's
 * own check decides.
 */
export class ObjectTurns {
  /** Who waits, by the object somebody writes now. */
  private readonly busy = new Map<string, (() => void)[]>();

  /** Waits only where somebody else has the turn. Rejects with why who asks has ended, when that comes first. */
  take(object: string, ctx: Ends): Soon<void> {
    const waiting = this.busy.get(object);
    if (waiting) return queued(waiting, ctx);
    this.busy.set(object, []);
  }

  /** Passes on the turn that was taken. */
  give(object: string): void {
    const next = this.busy.get(object)?.shift();
    if (next) next();
    else this.busy.delete(object);
  }
}

function queued(waiting: (() => void)[], ctx: Ends): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () => {
      stay();
      resolve();
    };
    const leave = () => {
      const at = waiting.indexOf(go);
      if (at >= 0) waiting.splice(at, 1);
      reject(endReason(ctx) as Error);
    };
    if (hasEnded(ctx)) return leave();
    const stay = whenEnded(ctx, leave);
    waiting.push(go);
  });
}
