import { errors } from 'undici';
import { DialError } from '../upstream/dial.js';
import type { Refusal } from './arrival.js';
import { ClientLeft, TookTooLong } from './answer.js';
import type { Ending } from './attempt.js';
import { BodyTooLarge, BodyTooSlow } from './guarded-body.js';
import { StreamTimeout } from './send-http2.js';

type Failed = Extract<Ending, { kind: 'failed' }>;

/** Nobody hears it; what logs say of a client who left, as nginx. */
const CLIENT_LEFT = 499;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

const isTimeout = (error: Error): boolean =>
  (error instanceof DialError && error.isTimeout) ||
  error instanceof errors.HeadersTimeoutError ||
  error instanceof errors.BodyTimeoutError ||
  error instanceof StreamTimeout ||
  error instanceof TookTooLong;

/** Whether it is the endpoint's connection that failed, and nothing of an answer came. */
const isBroken = (error: Error): boolean =>
  error instanceof errors.SocketError || (error as NodeJS.ErrnoException).code === 'ECONNRESET';

/** What a client is told of an attempt that nobody answered. */
export function refusalOf({ error }: Failed): Refusal {
  if (error instanceof ClientLeft) return { status: CLIENT_LEFT, words: '' };
  if (error instanceof BodyTooLarge) return { status: 413, words: error.message };
  if (error instanceof BodyTooSlow) return { status: 408, words: error.message };
  if (isTimeout(error)) return { status: 504, words: 'the endpoint did not answer in time' };
  return { status: 502, words: 'the endpoint could not be reached, or did not answer as HTTP has it' };
}

/**
 * Whether another endpoint may be asked the same: where nothing was sent, or where asking twice does no harm and a connection that
 * was kept open turned out to be closed.
 */
export function mayBeAskedAgain({ error, wasSent }: Failed, method: string, hasBody: boolean): boolean {
  if (error instanceof ClientLeft || error instanceof BodyTooLarge || error instanceof BodyTooSlow) return false;
  return !wasSent || (SAFE.has(method) && !hasBody && isBroken(error));
}
