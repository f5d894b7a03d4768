import { isTooManyRequests } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { BodyBudget } from './body-budget.js';

let budget: BodyBudget;
beforeEach(() => {
  budget = new BodyBudget({ inAll: 100, each: 60, assured: 10, most: 120 });
});

const refused = (act: () => void): boolean => {
  try {
    act();
    return false;
  } catch (error) {
    return isTooManyRequests(error);
  }
};

describe('a budget of bodies', () => {
  test('bounds what one identity holds', () => {
    budget.share('a').take(60);
    expect(refused(() => budget.share('a').take(1))).toBe(true);
    expect(refused(() => budget.share('b').take(40))).toBe(false);
  });

  test('bounds what all hold, and leaves everybody a little', () => {
    budget.share('a').take(60);
    budget.share('b').take(40);
    expect(refused(() => budget.share('c').take(11))).toBe(true);
    expect(refused(() => budget.share('c').take(10))).toBe(false);
    expect(refused(() => budget.share('c').take(1))).toBe(true);
  });

  test('leaves little to so many that their little is much', () => {
    budget.share('a').take(60);
    budget.share('b').take(40);
    budget.share('c').take(10);
    budget.share('d').take(10);
    expect(refused(() => budget.share('e').take(1))).toBe(true);
  });

  test('is one for all service accounts of a namespace', () => {
    budget.share('system:serviceaccount:one:a').take(60);
    expect(refused(() => budget.share('system:serviceaccount:one:b').take(1))).toBe(true);
    expect(refused(() => budget.share('system:serviceaccount:two:a').take(1))).toBe(false);
  });

  test('has all of it again when the requests are over', () => {
    const share = budget.share('a');
    share.take(20);
    share.take(40);
    share.end();
    share.end();
    expect(budget.bytes).toBe(0);
    expect(refused(() => budget.share('a').take(60))).toBe(false);
  });

  test('holds nothing that comes when its request is over', () => {
    const share = budget.share('a');
    share.take(20);
    share.end();
    expect(refused(() => share.take(20))).toBe(true);
    expect(budget.bytes).toBe(0);
  });

  test('counts nothing of what it refused', () => {
    const share = budget.share('a');
    expect(refused(() => share.take(61))).toBe(true);
    expect(budget.bytes).toBe(0);
    expect(refused(() => budget.check('a', 60))).toBe(false);
    expect(budget.bytes).toBe(0);
  });
});
