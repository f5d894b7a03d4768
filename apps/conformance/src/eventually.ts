const POLL_MILLISECONDS = 100;

/**
 * Tries `attempt` until it neither throws nor answers false or undefined; gives up after `seconds` with what it last said.
 * For outside observers only: what a test can await directly, it awaits.
 */
export async function eventually<T>(
  what: string,
  attempt: () => T | Promise<T>,
  seconds = 60,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      last = await attempt();
      if (last !== false && last !== undefined && last !== null) return last as NonNullable<T>;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  throw new Error(
    `not within ${seconds} s: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`,
  );
}
