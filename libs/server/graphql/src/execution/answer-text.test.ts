import { type StatusError } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget } from '../cost/budget.js';
import { LIMITS, POINTS } from '../cost/limits.js';
import { Pacer } from '../cost/pacer.js';
import { AnswerText } from './answer-text.js';

const budgetOf = (limit?: number) =>
  new Budget({ lane: new Pacer().lane(), estimated: 0, ...(limit !== undefined && { limit }) });

async function written(value: unknown, budget = budgetOf()): Promise<readonly string[]> {
  const text = new AnswerText(budget);
  await text.write(value);
  return text.end();
}

describe('the text of an answer', () => {
  test('is that of JSON.stringify, however it is cut', async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 150, maxLength: 250 }),
      fc.dictionary(fc.string(), fc.array(fc.integer(), { minLength: 60, maxLength: 80 }), { minKeys: 4, maxKeys: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(value, async (one) => {
        expect((await written(one)).join('')).toBe(JSON.stringify(one));
      }),
      { numRuns: 60 },
    );
  });

  test('leaves out members that are not there, and writes null for items that are not', async () => {
    const many = Array.from({ length: 300 }, (_, at) => at);
    const value = { a: undefined, b: [undefined, 1], many, c: undefined };
    expect((await written(value)).join('')).toBe(JSON.stringify(value));
    expect((await written(undefined)).join('')).toBe('null');
  });

  test('comes in pieces, and every byte of it is charged', async () => {
    const budget = budgetOf();
    const value = Array.from({ length: 5_000 }, (_, at) => ({ at, text: 'x'.repeat(90) }));
    const pieces = await written(value, budget);
    const length = JSON.stringify(value).length;
    expect(pieces.length).toBeGreaterThan(5);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(100_000);
    expect(budget.report().bytes).toBe(length);
    expect(budget.report().actual).toBeGreaterThanOrEqual((length * POINTS.answerKib) / 1024);
  });

  test('ends where it is larger than an answer may be', async () => {
    const value = Array.from({ length: 300 }, () => 'x'.repeat(LIMITS.answerBytes / 250));
    const failed = await written(value).catch((error: unknown) => error as StatusError);
    expect(failed).toMatchObject({
      reason: 'RequestEntityTooLarge',
      message: expect.stringContaining('8388608 bytes'),
    });
  });

  test('ends where the operation has used what it had', async () => {
    const failed = await written('x'.repeat(10_000), budgetOf(20)).catch((error: unknown) => error as StatusError);
    expect(failed).toMatchObject({ reason: 'RequestEntityTooLarge', message: expect.stringContaining('20 points') });
  });
});
