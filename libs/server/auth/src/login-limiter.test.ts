import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { LoginLimiter } from './login-limiter.js';

test('a name waits longer with each failure after the fifth, and not after a success', () => {
  const clock = new FakeClock();
  const limiter = new LoginLimiter(clock);
  for (let failure = 0; failure < 4; failure += 1) limiter.failed('a');
  expect(limiter.waitSeconds('a')).toBe(0);
  limiter.failed('a');
  expect(limiter.waitSeconds('a')).toBe(2);
  limiter.failed('a');
  expect([limiter.waitSeconds('a'), limiter.waitSeconds('b')]).toEqual([4, 0]);
  clock.step(4000);
  expect(limiter.waitSeconds('a')).toBe(0);
  for (let failure = 0; failure < 20; failure += 1) limiter.failed('a');
  expect(limiter.waitSeconds('a')).toBe(300);
  limiter.succeeded('a');
  expect(limiter.waitSeconds('a')).toBe(0);
});
