import { settleBounded } from '@binnacle/client-controller';

/** No more requests than this are under way at once for one owner. */
const PARALLEL = 32;

export interface SlowStart<R> {
  readonly made: R[];
  /** The first failure, after which nothing more was tried. */
  readonly error?: unknown;
}

/**
 * Acts on items in batches of 1, 2, 4, … and at most `largest`, so that a quota or a bad template fails once or twice and not
 * hundreds of times. Behaves as kubernetes slowStartBatch.
 */
export async function slowStartEach<T, R>(
  items: readonly T[],
  act: (item: T) => Promise<R>,
  largest = Number.POSITIVE_INFINITY,
): Promise<SlowStart<R>> {
  const made: R[] = [];
  for (let from = 0, size = 1; from < items.length; from += size, size = Math.min(2 * size, largest)) {
    const results = await settleBounded(items.slice(from, from + size), PARALLEL, act);
    for (const result of results) if (result.status === 'fulfilled') made.push(result.value);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) return { made, error: failed.reason };
  }
  return { made };
}

/** Calls `make` `count` times, slowly at first. */
export function slowStart<R>(count: number, make: () => Promise<R>): Promise<SlowStart<R>> {
  return slowStartEach(Array.from({ length: count }), make);
}
