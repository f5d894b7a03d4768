import { StatusError } from '@binnacle/machinery-meta';
import type { Knowledge } from '@binnacle/web-data';

/** What can be said from what was asked for and is not told of by itself. `asOf` in milliseconds since the epoch. */
export function askedKnowledge(error: Error | null, asOf: number, isLoading: boolean): Knowledge {
  if (error instanceof StatusError) return { certainty: 'refused', asOf: 0, error: error.toStatus() };
  if (isLoading) return { certainty: 'loading', asOf: 0 };
  return { certainty: error ? 'stale' : 'current', asOf };
}
