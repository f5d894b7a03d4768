import { settleBounded } from '@binnacle/client-controller';

/** No more requests than this are under way at once for one owner. */
const PARALLEL = 32;

export interface SlowStart<R> {
  readonly made: R[];
  /** The first failure, after which nothing more was tried. */
  readonly error?: unknown;
}

/**
 * Calls `make` `count` times in batches of 1, 2, 4, … so that a quota or a bad template fails once or twice and not
 * hundreds of times. Behaves as kubernetes slowStartBatch.
 */
export async function slowStart<R>(count: number, make: () => Promise<R>): Promise<SlowStart<R>> {
  const made: R[] = [];
  let remaining = count;
  for (let size = 1; remaining > 0; size *= 2) {
    const batch = Array.from({ length: Math.min(size, remaining) });
    const results = await settleBounded(batch, PARALLEL, make);
    for (const result of results) if (result.status === 'fulfilled') made.push(result.value);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) return { made, error: failed.reason };
    remaining -= batch.length;
  }
  return { made };
}
