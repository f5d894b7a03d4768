import { isForbidden, isUnauthorized } from '@binnacle/machinery-meta';

/**
 * Looks again at a right that something long-lived was opened with. Rejects only where it is refused: that nobody can be asked
 * just now ends nothing that runs.
 */
export async function stillAllowed(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (isUnauthorized(error) || isForbidden(error)) throw error;
  }
}
