import type { Clock } from './clock.js';
import type { Ending } from './ending.js';

export type LogFields = Record<string, unknown>;

/** Structured logging: a constant message and fields that vary. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};

/** What a call is given before anything else: how it ends, what time it is, where it logs. */
export interface Context {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * What the signal says, where one is made only for who asks for it: `hasEnded`, `throwIfEnded` and `whenEnded` do not. It is
   * not taken over where a context is spread, and neither may the signal be: who spreads one says `signal` as well.
   */
  readonly ending?: Ending;
}

/** The same context under another abort signal. */
export function withSignal(ctx: Context, signal: AbortSignal): Context {
  return { ...ctx, signal };
}

/** Resolves after `milliseconds` of the context's clock; rejects with the signal's reason when it aborts first. */
export function sleep(ctx: Context, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (ctx.signal.aborted) return reject(ctx.signal.reason);
    const onAbort = () => {
      cancel();
      reject(ctx.signal.reason);
    };
    const cancel = ctx.clock.after(milliseconds, () => {
      ctx.signal.removeEventListener('abort', onAbort);
      resolve();
    });
    ctx.signal.addEventListener('abort', onAbort, { once: true });
  });
}
