import type { DecisionNodes } from '@binnacle/apis-kubernetes/decisions/v1';
import { expect, test } from 'vitest';
import { columnsOf, stepFor } from './map-steps.js';
import { isSaidBy, nodeMarks } from './node-marks.js';

const nodes: DecisionNodes = {
  apiVersion: 'scheduling.binnacle.dev/v1',
  kind: 'DecisionNodes',
  metadata: { name: 'p.1', namespace: 'default' },
  names: ['n10', 'n9', 'n2', 'n1', 'n3'],
  verdicts: [-1, 0, -1, -2, -1],
  refusals: [{ plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu', 'Insufficient memory'], unresolvable: false }],
  columns: [
    { plugin: 'A', weight: 1, raw: [1, 2, 3], scores: [0, 50, 100] },
    { plugin: 'B', weight: 2, raw: [5, 5, 5], scores: [10, 10, 10] },
  ],
};

test('nodes are told by their numbers, with the sum of what was thought of them', () => {
  const reasons = ['Insufficient cpu', 'Insufficient memory'];
  expect(nodeMarks(nodes, 'n3')).toEqual([
    { name: 'n1', verdict: 'unseen' },
    { name: 'n2', verdict: 'takes', total: 70, step: 2 },
    { name: 'n3', verdict: 'chosen', total: 120, step: 4 },
    { name: 'n9', verdict: 'refused', plugin: 'NodeResourcesFit', reasons },
    { name: 'n10', verdict: 'takes', total: 20, step: 0 },
  ]);
});

test('where nothing was compared there are no scores, and where all are alike all are the best', () => {
  expect(nodeMarks({ ...nodes, columns: [] }, undefined)[1]).toEqual({ name: 'n2', verdict: 'takes' });
  const alike = { plugin: 'A', weight: 1, raw: [1, 1, 1], scores: [7, 7, 7] };
  expect(nodeMarks({ ...nodes, columns: [alike] }, undefined)[1]).toMatchObject({ total: 7, step: 4 });
});

test('a node that gave several reasons is found by each of them', () => {
  const [mark] = nodeMarks(nodes, undefined).filter(({ verdict }) => verdict === 'refused');
  if (!mark) throw new Error('no mark');
  expect(isSaidBy(mark, { plugin: 'NodeResourcesFit', reason: 'Insufficient memory' })).toBe(true);
  expect(isSaidBy(mark, { plugin: 'NodeResourcesFit', reason: 'Too many pods' })).toBe(false);
  expect(isSaidBy(mark, { plugin: 'TaintToleration', reason: 'Insufficient memory' })).toBe(false);
});

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 1, 5],
  ['ArrowDown', 8, 9],
  ['ArrowUp', 6, 2],
  ['Home', 6, 0],
  ['End', 0, 9],
  ['ArrowUp', -1, 0],
  ['x', 3, undefined],
])('%s leads from %i to %s', (key, from, to) => {
  expect(stepFor(key, from, { count: 10, columns: () => 4 })).toBe(to);
});

test('rows are where cells stand lower than the first', () => {
  expect(columnsOf([0, 0, 0, 8, 8].map((offsetTop) => ({ offsetTop })))).toBe(3);
  expect(columnsOf([0, 0].map((offsetTop) => ({ offsetTop })))).toBe(2);
  expect(columnsOf([])).toBe(1);
});
