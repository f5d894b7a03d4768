import { expect, it } from 'vitest';
import { rowOf, summaryOf } from './results.js';

const turn = (podsPerSecond: number) => ({ podsPerSecond, seconds: 1, schedulerMillis: 2, serverMillis: 3 });

it('tells medians of the rounds, and how many times as fast ours is', () => {
  const result = summaryOf({
    ours: [turn(300), turn(900), turn(600)],
    theirs: [turn(100), turn(150), turn(200)],
    plain: [],
  });
  expect(result).toEqual({ ours: turn(600), theirs: turn(150), times: 4 });
  expect(rowOf(result)).toMatchObject({ 'Pods/s': 600, 'kube-scheduler Pods/s': 150, times: 4 });
});

it('compares nothing with a scheduler that was not there', () => {
  const result = summaryOf({ ours: [turn(300)], theirs: [], plain: [] });
  expect(result).toEqual({ ours: turn(300) });
  expect(rowOf(result).times).toBeUndefined();
});

it('tells what something costs by how it goes without', () => {
  const plain = { ...turn(310), schedulerMillis: 1.8 };
  const result = summaryOf({ ours: [turn(300)], theirs: [], plain: [plain] });
  expect(result).toMatchObject({ times: 0.968, costs: 1.042 });
  expect(rowOf(result)).toMatchObject({ 'without: Pods/s': 310, 'CPU ms without': 1.8, costs: 1.042 });
});
