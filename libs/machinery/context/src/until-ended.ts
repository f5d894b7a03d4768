import { type Ends, endReason, hasEnded, whenEnded } from './ending.js';

/**
 * Settles as the work does, unless who asked for it ends first: then it rejects with why, and whatever the work comes to is
 * nobody's any more.
 */
export function untilEnded<T>(ctx: Ends, work: Promise<T>): Promise<T> {
  if (hasEnded(ctx)) {
    work.catch(() => undefined);
    return Promise.reject(endReason(ctx) as Error);
  }
  return new Promise((resolve, reject) => {
    const stay = whenEnded(ctx, () => reject(endReason(ctx) as Error));
    work.then(
      (value) => {
        stay();
        resolve(value);
      },
      (error: Error) => {
        stay();
        reject(error);
      },
    );
  });
}
