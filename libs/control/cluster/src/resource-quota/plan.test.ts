import type { ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { evaluatorOf } from '@binnacle/apis-kubernetes/quota';
import { pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { COUNT_SETTLES, grew, planQuota } from './plan.js';
import { kindsOf } from './resource-quota.reconciler.js';

const NOW = 1_000_000;
const evaluator = evaluatorOf({ group: '', plural: 'pods' });
const counted = (count: number) => [
  { evaluator: evaluator as NonNullable<typeof evaluator>, objects: Array.from({ length: count }, () => pod()) },
];
const quota = (hard: object, status: object = {}): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'default' },
  spec: { hard: { ...hard } },
  status,
});
const known = (used: string) => quota({ pods: '5' }, { hard: { pods: '5' }, used: { pods: used } });

describe('the status of a quota', () => {
  test.each([
    ['says at first what may be and what is', quota({ pods: '5' }), 0, { hard: { pods: '5' }, used: { pods: '2' } }],
    ['stays where it is true', known('2'), 0, undefined],
    ['follows what is', known('4'), 0, { hard: { pods: '5' }, used: { pods: '2' } }],
    [
      'follows what may be',
      { ...known('2'), spec: { hard: { pods: '9' } } },
      0,
      { hard: { pods: '9' }, used: { pods: '2' } },
    ],
    ['takes nothing back that was counted just now', known('4'), NOW - COUNT_SETTLES + 1, undefined],
    ['adds at once', known('1'), NOW, { hard: { pods: '5' }, used: { pods: '2' } }],
    ['drops what is not bounded any more', { ...known('2'), spec: { hard: {} } }, 0, { hard: {}, used: {} }],
    [
      'keeps what nobody can count',
      quota({ pods: '5', 'count/odd.example.com': '1' }, { hard: {}, used: { 'count/odd.example.com': '1' } }),
      0,
      { hard: { pods: '5', 'count/odd.example.com': '1' }, used: { pods: '2', 'count/odd.example.com': '1' } },
    ],
  ])('%s', (_, before, grownAt, status) => {
    expect(planQuota(before, counted(2), grownAt, NOW).status).toEqual(status);
  });

  test('is looked at again when a count has settled', () => {
    expect(planQuota(known('4'), counted(2), NOW - 1, NOW).again).toBe(NOW - 1 + COUNT_SETTLES);
    expect(planQuota(known('2'), counted(2), NOW - 1, NOW)).toEqual({});
  });
});

test.each([
  ['1', '2', true],
  ['2', '1', false],
  ['2', '2', false],
])('from %s to %s it grew: %s', (before, after, expected) => {
  expect(grew(known(before), known(after))).toBe(expected);
});

test('each kind of which something is bounded is counted once', () => {
  const hard = { pods: '1', 'limits.cpu': '1', secrets: '1', 'count/secrets': '1', 'count/jobs.batch': '1' };
  expect(kindsOf(quota(hard))).toEqual([
    { group: '', plural: 'pods' },
    { group: '', plural: 'secrets' },
    { group: 'batch', plural: 'jobs' },
  ]);
});
