import { type Context, sleep } from '@binnacle/machinery-context';

/** A change is noticed within this time. */
export const POLL_MILLISECONDS = 5_000;

/**
 * Reads files every few seconds and tells of other contents than the ones given, until the context aborts: replaced files, links and
 * mounted volumes tell nobody else. What cannot be read stays as it was.
 */
export async function followFiles(
  ctx: Context,
  read: () => string,
  known: string,
  changed: (text: string) => void | Promise<void>,
): Promise<void> {
  for (let last = known; !ctx.signal.aborted; ) {
    await sleep(ctx, POLL_MILLISECONDS).catch(() => undefined);
    if (ctx.signal.aborted) return;
    try {
      const text = read();
      if (text === last) continue;
      last = text;
      await changed(text);
    } catch (error) {
      ctx.logger.error('a changed file cannot be used; what it said before holds on', { error });
    }
  }
}
