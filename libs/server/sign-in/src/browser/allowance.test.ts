import { FakeClock } from '@binnacle/machinery-context';
import { expect, it } from 'vitest';
import { Allowance } from './allowance.js';

it('allows each so much in a while', () => {
  const clock = new FakeClock();
  const allowance = new Allowance(clock, { most: 2, milliseconds: 10_000 });
  const isAllowed = (key: string) => {
    try {
      allowance.take(key);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 429 });
      return false;
    }
  };
  expect([isAllowed('a'), isAllowed('a'), isAllowed('a'), isAllowed('b')]).toEqual([true, true, false, true]);
  allowance.giveBack('a');
  allowance.giveBack('nobody');
  expect([isAllowed('a'), isAllowed('a')]).toEqual([true, false]);
  clock.step(9_999);
  expect(isAllowed('a')).toBe(false);
  clock.step(1);
  expect(isAllowed('a')).toBe(true);
});

it('keeps few of those who come once', () => {
  const allowance = new Allowance(new FakeClock(), { most: 1, milliseconds: 10_000 });
  for (let index = 0; index < 20_000; index += 1) allowance.take(`${index}`);
  expect(() => allowance.take('19999')).toThrow();
  expect(() => allowance.take('0')).not.toThrow();
});
