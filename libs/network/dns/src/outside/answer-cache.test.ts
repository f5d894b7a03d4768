import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { AnswerCache } from './answer-cache.js';
import type { RawAnswer } from './raw-answer.js';

const answer = (ttl: number, size = 100): RawAnswer => ({
  bytes: Buffer.alloc(size),
  ttls: [],
  rcode: 0,
  isCut: false,
  ttl,
});
const cacheOf = (mostBytes = 10_000) => {
  const clock = new FakeClock();
  return { clock, cache: new AnswerCache(clock, { mostBytes, longestSeconds: 30 }) };
};

test('an answer is kept for as long as it holds, and known by its age', () => {
  const { clock, cache } = cacheOf();
  cache.set('a', answer(10));
  clock.step(9_999);
  expect(cache.get('a')).toMatchObject({ age: 9 });
  clock.step(1);
  expect(cache.get('a')).toBeUndefined();
  expect([cache.size, cache.hits, cache.misses]).toEqual([0, 1, 1]);
});

test('none is kept longer than is said', () => {
  const { clock, cache } = cacheOf();
  cache.set('a', answer(86_400));
  clock.step(29_999);
  expect(cache.get('a')).toBeDefined();
  clock.step(1);
  expect(cache.get('a')).toBeUndefined();
});

test('what does not hold is not kept, nor what was cut', () => {
  const { cache } = cacheOf();
  cache.set('a', answer(0));
  cache.set('b', { ...answer(10), isCut: true });
  expect(cache.size).toBe(0);
});

test('where there is no more room those go that nobody asked for', () => {
  const { cache } = cacheOf(4_000);
  for (const key of ['a', 'b', 'c']) cache.set(key, answer(10, 1_000));
  cache.get('a');
  cache.set('d', answer(10, 1_000));
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd']);
  cache.set('e', answer(10, 100_000));
  expect(cache.size).toBe(0);
});

test('a newer answer takes the place of an older one, and its room', () => {
  const { cache } = cacheOf(4_000);
  for (let turn = 0; turn < 100; turn += 1) cache.set('a', answer(10, 1_000));
  cache.set('b', answer(10, 1_000));
  expect(cache.size).toBe(2);
});
