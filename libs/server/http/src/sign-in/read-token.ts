import { newBadRequest, parseTime } from '@binnacle/machinery-meta';
import type { NewToken } from '@binnacle/server-people';
import type { ApiRequest } from '../request/api-request.js';
import { readObject } from './auth-answers.js';

const DAY = 24 * 60 * 60_000;
const DEFAULT_LIFE = 30 * DAY;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** When a new token is to end; in thirty days where nothing is said. */
export function readExpiry(value: unknown, now: number): number {
  if (value === undefined || value === null) return now + DEFAULT_LIFE;
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  if (time === undefined) throw newBadRequest('expiresAt must be a time such as 2026-12-31T00:00:00Z');
  return time;
}

/** The token that is asked for. Throws BadRequest for a body of another shape. */
export function readNewToken(request: Pick<ApiRequest, 'body' | 'ctx'>): NewToken {
  const { name, expiresAt, scope } = readObject(request);
  const { clusters = [], readOnly = false } = (scope ?? {}) as { clusters?: unknown; readOnly?: unknown };
  if (typeof name !== 'string' || !isTexts(clusters) || typeof readOnly !== 'boolean')
    throw newBadRequest('the body must be JSON with name, expiresAt and scope: {clusters, readOnly}');
  return { name, expiresAt: readExpiry(expiresAt, request.ctx.clock.now()), scope: { clusters, readOnly } };
}
