import type { Context } from '@binnacle/machinery-context';

/** Resolves when the work is done, or when it has had its milliseconds. */
export function within(ctx: Context, milliseconds: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = ctx.clock.after(milliseconds, resolve);
    work.then(() => resolve(), reject).finally(cancel);
  });
}
