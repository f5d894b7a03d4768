/** Whether something has ended, and why. */
export interface Ending {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** Calls back once when it ends; answers what takes that back. What has ended already calls nobody. */
  onEnd(listener: () => void): () => void;
}

/** What of a context tells how long something goes on. */
export interface Ends {
  readonly signal: AbortSignal;
  readonly ending?: Ending;
}

/** What the signal says, for who looks at it later. */
export const endingOf = (ctx: Ends): Pick<Ending, 'aborted' | 'reason'> => ctx.ending ?? ctx.signal;

/** Whether the signal has aborted. */
export const hasEnded = (ctx: Ends): boolean => endingOf(ctx).aborted;

/** Why: the signal's reason. */
export const endReason = (ctx: Ends): unknown => endingOf(ctx).reason;

/** Throws the signal's reason once it has aborted. */
export function throwIfEnded(ctx: Ends): void {
  if (hasEnded(ctx)) throw endReason(ctx);
}

/** Calls back when the signal aborts; answers what takes that back. A signal that has aborted already calls nobody. */
export function whenEnded(ctx: Ends, listener: () => void): () => void {
  if (ctx.ending) return ctx.ending.onEnd(listener);
  const { signal } = ctx;
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
