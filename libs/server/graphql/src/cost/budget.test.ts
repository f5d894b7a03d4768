import { newTimeout, type StatusError } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget } from './budget.js';
import { LIMITS, parsing, POINTS } from './limits.js';
import { Pacer } from './pacer.js';

function setUp(limit?: number) {
  const ends: StatusError[] = [];
  const options = { lane: new Pacer().lane(), estimated: 7, onExhausted: (why: StatusError) => ends.push(why) };
  return { ends, budget: new Budget({ ...options, ...(limit !== undefined && { limit }) }) };
}

describe('a budget', () => {
  test('adds up what is done, each by its own measure', () => {
    const { budget } = setUp();
    budget.field();
    budget.relation();
    budget.scan(5);
    budget.reach(3);
    expect(budget.parse(2048)).toBe(parsing(2048));
    expect(budget.answer(1500)).toBe(Math.ceil((1500 * POINTS.answerKib) / 1024));
    const actual = 2 * POINTS.field + POINTS.relation + 5 * POINTS.row + parsing(2048) + 15;
    const counted = { rows: 5, objects: 3, fields: 2, bytes: 1500 };
    expect(budget.report()).toEqual({ estimated: 7, actual, limit: LIMITS.points, ...counted });
  });

  test('begins anew for the next change of a subscription, with what it was thought to cost', () => {
    const { budget } = setUp();
    budget.scan(100);
    budget.refill();
    const nothing = { actual: 0, rows: 0, objects: 0, fields: 0, bytes: 0 };
    expect(budget.report()).toEqual({ estimated: 7, limit: LIMITS.points, ...nothing });
  });

  test('allows its very limit and nothing beyond, and tells of its end once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        fc.nat(500),
        (all, limit) => {
          const { budget, ends } = setUp(limit);
          let [used, ended] = [0, false];
          for (const points of all) {
            if (!ended) used += points;
            ended ||= used > limit;
            if (ended) expect(() => budget.charge(points)).toThrow(`more than ${limit} points`);
            else budget.charge(points);
          }
          expect(ends).toHaveLength(Number(ended));
          expect(budget.report().actual).toBe(used);
        },
      ),
    );
  });

  test.each<[string, (budget: Budget) => void, string]>([
    ['objects', (budget) => budget.reach(LIMITS.objects + 1), `more than ${LIMITS.objects} objects`],
    ['bytes', (budget) => budget.answer(LIMITS.answerBytes + 1), `larger than ${LIMITS.answerBytes} bytes`],
  ])('has an end of %s as well', (_, use, message) => {
    const { budget, ends } = setUp(Number.MAX_SAFE_INTEGER);
    expect(() => use(budget)).toThrow(message);
    expect(ends.map(({ reason }) => reason)).toEqual(['RequestEntityTooLarge']);
    expect(() => budget.check()).toThrow(message);
  });

  test('that was stopped allows nothing more, for the reason it was stopped for first', () => {
    const { budget, ends } = setUp();
    budget.check();
    budget.stop(newTimeout('late'));
    budget.stop(new Error('later'));
    for (const use of [() => budget.check(), () => budget.field(), () => budget.reach(0), () => budget.parse(0)])
      expect(use).toThrow('late');
    expect(ends).toEqual([]);
  });
});
