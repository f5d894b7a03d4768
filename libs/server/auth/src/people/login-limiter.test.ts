import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, expect, test } from 'vitest';
import { LoginLimiter } from './login-limiter.js';

let clock: FakeClock;
let limiter: LoginLimiter;
beforeEach(() => {
  clock = new FakeClock();
  limiter = new LoginLimiter(clock);
});

const captain = { account: 'captain', address: '192.0.2.1' };
const guess = (times: number, of: Parameters<LoginLimiter['begin']>[0]) =>
  Array.from({ length: times }, () => limiter.begin(of));

test('a name waits longer with each guess after the fifth, up to a minute', () => {
  expect(guess(6, captain)).toEqual([0, 0, 0, 0, 0, 2]);
  const waits = Array.from({ length: 7 }, () => {
    clock.step(60_000);
    return [limiter.begin(captain), limiter.begin(captain)];
  });
  expect(waits).toEqual([4, 8, 16, 32, 60, 60, 60].map((seconds) => [0, seconds]));
});

test('guesses count before anybody knows what comes of them', () => {
  expect(guess(100, captain).filter((wait) => wait === 0)).toHaveLength(5);
});

test('a success takes back what was counted', () => {
  guess(4, captain);
  limiter.succeeded(captain);
  expect(guess(5, captain)).toEqual([0, 0, 0, 0, 0]);
});

test('what was never looked at does not count', () => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    expect(limiter.begin(captain)).toBe(0);
    limiter.takeBack(captain);
  }
  expect(limiter.size).toBe(0);
});

test('who only knows a name does not lock its owner out', () => {
  for (let from = 0; from < 200; from += 1) guess(3, { account: 'captain', address: `198.51.100.${from}` });
  expect(limiter.begin({ ...captain, device: 'hers' })).toBe(0);
  expect(limiter.begin(captain)).toBeLessThanOrEqual(5);
  clock.step(5_000);
  expect(limiter.begin(captain)).toBe(0);
});

test('a browser that belongs here has guesses of its own, and not more of them', () => {
  guess(100, captain);
  expect(guess(6, { ...captain, device: 'hers' })).toEqual([0, 0, 0, 0, 0, 2]);
});

test('an address that tries many names waits too', () => {
  const waits = Array.from({ length: 40 }, (_, at) => limiter.begin({ ...captain, account: `name-${at}` }));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(30);
  expect(limiter.begin({ account: 'other', address: '192.0.2.2' })).toBe(0);
});

test('guesses are forgotten after an hour without one', () => {
  guess(10, captain);
  clock.step(3_600_000);
  expect(guess(5, captain)).toEqual([0, 0, 0, 0, 0]);
});

test('keys are short whatever is sent, and no more of them are kept than there is room for', () => {
  const huge = 'x'.repeat(100_000);
  for (let at = 0; at < 12_000; at += 1) limiter.begin({ account: `${at}`, address: `${at}` });
  limiter.begin({ account: huge, address: huge });
  expect(limiter.size).toBeLessThanOrEqual(30_000);
  expect(
    JSON.stringify([...(limiter as unknown as { own: { known: Map<string, unknown> } }).own.known.keys()]).length,
  ).toBeLessThan(300_000);
});
