import { StatusError } from '@binnacle/machinery-meta';
import { UnreachableError } from '@binnacle/web-data';
import { expect, test } from 'vitest';
import { refusalFor, refusalOf, secondsUntil } from './refusal.js';

test.each([
  [new UnreachableError('away'), { why: 'unreachable' }],
  [new StatusError(401, 'Unauthorized', 'no'), { why: 'wrong' }],
  [
    new StatusError(429, 'TooManyRequests', 'slow', { retryAfterSeconds: 30 }),
    { why: 'tooMany', user: 'ann', until: 31_000 },
  ],
  [new StatusError(429, 'TooManyRequests', 'slow'), { why: 'tooMany', user: 'ann', until: 11_000 }],
  [new StatusError(503, 'ServiceUnavailable', 'x'), { why: 'notReady' }],
  [new StatusError(403, 'Forbidden', 'another origin'), { why: 'failed', message: 'another origin' }],
  [new Error('x'), { why: 'failed', message: 'x' }],
])('%s', (error, refusal) => expect(refusalOf(error, 'ann', 1_000)).toEqual(refusal));

test.each([
  [31_000, 1_000, 30],
  [31_000, 1_001, 30],
  [31_000, 30_999, 1],
  [31_000, 31_000, 0],
  [31_000, 99_000, 0],
])('from %i at %i: %i s', (until, now, seconds) => expect(secondsUntil(until, now)).toBe(seconds));

test('a pause keeps nobody waiting but the account it was given to', () => {
  const pause = { why: 'tooMany', user: 'ann', until: 31_000 } as const;
  expect(refusalFor(pause, 'ann')).toBe(pause);
  expect(refusalFor(pause, 'ben')).toBeUndefined();
  const wrong = { why: 'wrong' } as const;
  expect(refusalFor(wrong, 'ben')).toBe(wrong);
});
