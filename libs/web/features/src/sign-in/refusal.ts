import { StatusError } from '@binnacle/machinery-meta';
import { UnreachableError } from '@binnacle/web-data';

/** Why nobody was signed in, as far as it matters to who tries. */
export type Refusal =
  | { readonly why: 'wrong' | 'unreachable' | 'notReady' }
  /** `until`: milliseconds since the epoch; `user`: who was tried, and who alone is kept waiting. */
  | { readonly why: 'tooMany'; readonly until: number; readonly user: string }
  | { readonly why: 'failed'; readonly message: string };

/** The server's own faults: it starts, stops or cannot reach its store. */
const NOT_READY: ReadonlySet<number> = new Set([500, 502, 503, 504]);
/** Where the server does not say for how long. */
const SOME_SECONDS = 10;

/** Why `user` was refused; `now` in milliseconds since the epoch. */
export function refusalOf(error: unknown, user: string, now: number): Refusal {
  if (error instanceof UnreachableError) return { why: 'unreachable' };
  if (!(error instanceof StatusError))
    return { why: 'failed', message: error instanceof Error ? error.message : String(error) };
  if (error.code === 401) return { why: 'wrong' };
  if (error.code === 429)
    return { why: 'tooMany', user, until: now + 1_000 * (error.details?.retryAfterSeconds ?? SOME_SECONDS) };
  return NOT_READY.has(error.code) ? { why: 'notReady' } : { why: 'failed', message: error.message };
}

/** What is told to who signs in as `user`: a pause is of the account it was given to, and may not keep out another. */
export function refusalFor(refusal: Refusal | undefined, user: string): Refusal | undefined {
  return refusal?.why === 'tooMany' && refusal.user !== user ? undefined : refusal;
}

/** Whole seconds until then, at least 0. */
export function secondsUntil(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1_000));
}
