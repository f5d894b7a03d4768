import { expect, it } from 'vitest';
import { rowOf, summaryOf } from './results.js';

const turn = (podsPerSecond: number) => ({ podsPerSecond, seconds: 1, schedulerMillis: 2, serverMillis: 3 });

it('tells medians of the rounds, and how many times as fast ours is', () => {
  const result = summaryOf({ ours: [turn(300), turn(900), turn(600)], theirs: [turn(100), turn(150), turn(200)] });
  expect(result).toEqual({ ours: turn(600), theirs: turn(150), times: 4 });
  expect(rowOf(result)).toMatchObject({ 'Pods/s': 600, 'kube-scheduler Pods/s': 150, times: 4 });
});

it('compares nothing with a scheduler that was not there', () => {
  const result = summaryOf({ ours: [turn(300)], theirs: [] });
  expect(result).toEqual({ ours: turn(300) });
  expect(rowOf(result).times).toBeUndefined();
});
