import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { RememberedAnswers } from './remembered-answers.js';

test('an answer is believed for as long as it is said, and not a moment longer', () => {
  const clock = new FakeClock();
  const answers = new RememberedAnswers<string>(clock, 10);
  answers.set('a', 'yes', 1_000);
  answers.set('b', 'no', 0);
  clock.step(999);
  expect([answers.get('a'), answers.get('b'), answers.get('c')]).toEqual(['yes', undefined, undefined]);
  clock.step(1);
  expect(answers.get('a')).toBeUndefined();
});

test('of too many the oldest go', () => {
  const answers = new RememberedAnswers<number>(new FakeClock(), 2);
  answers.set('a', 1, 1_000);
  answers.set('b', 2, 1_000);
  answers.set('a', 3, 1_000);
  answers.set('c', 4, 1_000);
  expect(['a', 'b', 'c'].map((question) => answers.get(question))).toEqual([3, undefined, 4]);
});
