import { expect, test } from 'vitest';
import { nextStep, secondsOf } from './plan.js';

test.each([
  [0, 100, 0],
  [0, 101, 1],
  [1, 90, 1],
  [1, 89, 0],
  [0, 750, 2],
  [2, 450, 2],
  [5, 10, 0],
  [0, 20_000, 5],
])('from step %i with %i nodes it is step %i', (step, nodes, next) => {
  expect(nextStep(step, nodes)).toBe(next);
});

test('each step is longer', () => {
  expect([0, 1, 2, 3, 4, 5].map(secondsOf)).toEqual(['0', '15', '30', '60', '300', '600']);
});
