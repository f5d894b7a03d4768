import { newBadRequest, parseTime } from '@binnacle/machinery-meta';
import type { NewToken } from '../accounts/credentials.js';

const DAY = 24 * 60 * 60_000;
const DEFAULT_LIFE = 30 * DAY;

/** A token as it is asked for by whatever protocol. */
export interface AskedToken {
  readonly name?: unknown;
  /** RFC 3339; in thirty days where nothing is said. */
  readonly expiresAt?: unknown;
  /** `{clusters, readOnly}` */
  readonly scope?: unknown;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** When a new token is to end, in milliseconds since the epoch. @throws StatusError BadRequest for what is no time */
export function readExpiry(value: unknown, now: number): number {
  if (value === undefined || value === null) return now + DEFAULT_LIFE;
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  if (time === undefined) throw newBadRequest('expiresAt must be a time such as 2026-12-31T00:00:00Z');
  return time;
}

/** The token that is asked for. @throws StatusError BadRequest for what has another shape */
export function readNewToken({ name, expiresAt, scope }: AskedToken, now: number): NewToken {
  const { clusters, readOnly } = (scope ?? {}) as { clusters?: unknown; readOnly?: unknown };
  const [names, isRead] = [clusters ?? [], readOnly ?? false];
  if (typeof name !== 'string' || !isTexts(names) || typeof isRead !== 'boolean')
    throw newBadRequest('the body must be JSON with name, expiresAt and scope: {clusters, readOnly}');
  return { name, expiresAt: readExpiry(expiresAt, now), scope: { clusters: names, readOnly: isRead } };
}
