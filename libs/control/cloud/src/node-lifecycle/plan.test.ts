import { node } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { isReady, planTaints, TAINT_SHUTDOWN } from './plan.js';

const OTHER = { key: 'example.com/other', effect: 'NoExecute' };
const EXECUTE = { ...TAINT_SHUTDOWN, effect: 'NoExecute' };
const tainted = (...taints: object[]) => node({ spec: { taints: taints as [] } });

test.each([
  ['is shut down', tainted(OTHER), true, [OTHER, TAINT_SHUTDOWN]],
  ['is shut down and marked', tainted(TAINT_SHUTDOWN), true, undefined],
  ['runs', tainted(OTHER), false, undefined],
  ['runs again', tainted(OTHER, TAINT_SHUTDOWN, EXECUTE), false, [OTHER, EXECUTE]],
])('the taints of a node whose machine %s', (_, subject, isShutdown, expected) => {
  expect(planTaints(subject, isShutdown)).toEqual(expected);
});

test('a node that says nothing of itself is not ready', () => {
  expect([isReady(node()), isReady(node({ status: { conditions: [] } }))]).toEqual([true, false]);
});
