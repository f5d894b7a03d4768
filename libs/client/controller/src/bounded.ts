/** Maps with at most `limit` calls under way; answers every outcome, in order. */
export async function settleBounded<T, R>(
  items: readonly T[],
  limit: number,
  act: (item: T) => Promise<R>,
): Promise<Array<PromiseSettledResult<R>>> {
  const results: Array<PromiseSettledResult<R>> = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const [result] = await Promise.allSettled([act(items[index] as T)]);
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** As `settleBounded`, then throws the first failure. */
export async function forEachBounded<T>(
  items: readonly T[],
  limit: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const results = await settleBounded(items, limit, act);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
