import { job, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { failedIndexes, failureOf, ruleMatches, ruleText } from './failures.js';

const failed = (name: string, index: number, second: number, exitCode = 1) =>
  pod({
    metadata: { name, annotations: { 'batch.kubernetes.io/job-completion-index': String(index) } },
    status: {
      phase: 'Failed',
      containerStatuses: [
        {
          name: 'main',
          image: 'i',
          imageID: 'i',
          ready: false,
          restartCount: 0,
          state: { terminated: { exitCode, reason: 'Error', finishedAt: `2026-01-01T00:00:0${second}Z` } },
        },
      ],
    },
  });
const indexed = job({
  spec: { completions: 10, completionMode: 'Indexed' },
  status: { failedIndexes: '3,7-9' },
});
const short = (found: ReturnType<typeof failedIndexes>) =>
  found.map(({ index, tries, last, isFinal }) => [index, tries, last?.metadata.name, isFinal]);

describe('the indexes whose Pods failed', () => {
  const pods = [failed('a', 3, 1), failed('b', 3, 2), failed('c', 5, 1), pod({ metadata: { name: 'runs' } })];

  test('are those that are given up, and after them those that are tried again', () => {
    expect(short(failedIndexes(indexed, pods, 50))).toEqual([
      [3, 2, 'b', true],
      [7, 0, undefined, true],
      [8, 0, undefined, true],
      [9, 0, undefined, true],
      [5, 1, 'c', false],
    ]);
  });

  test('are told of as far as there is room', () => {
    expect(short(failedIndexes(indexed, pods, 2)).map(([index]) => index)).toEqual([3, 7]);
  });
});

describe('why a Pod failed', () => {
  test.each([
    ['by its container', failed('a', 0, 1, 42), 'main: Error (42)'],
    ['by a reason of its own', pod({ status: { phase: 'Failed', reason: 'Evicted' } }), 'Evicted'],
    ['nobody says', pod({ status: { phase: 'Failed' } }), 'Failed'],
  ])('%s', (_, one, told) => {
    expect(failureOf(one)).toBe(told);
  });
});

describe('the rules of a failure policy', () => {
  const rules = [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } },
    { action: 'Count', onExitCodes: { operator: 'NotIn', values: [1] } },
  ];
  const judged = job({ spec: { podFailurePolicy: { rules } } });

  test('have the Pods each is the first to fit', () => {
    const disrupted = {
      ...failed('d', 0, 1, 42),
      status: { ...failed('d', 0, 1, 42).status, conditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    };
    const pods = [failed('a', 0, 1, 42), failed('b', 1, 1, 1), failed('c', 2, 1, 3), disrupted];
    const found = ruleMatches(judged, pods).map(({ rule, pods: of }) => [
      rule.action,
      of.map(({ metadata }) => metadata.name),
    ]);
    expect(found).toEqual([
      ['Ignore', ['d']],
      ['FailJob', ['a']],
      ['Count', ['c']],
    ]);
  });

  test('say what they look for', () => {
    expect(rules.map((rule) => ruleText(rule as never))).toEqual([
      'DisruptionTarget=True',
      'main: exitCode In (42)',
      'exitCode NotIn (1)',
    ]);
  });

  test('are none where there is no policy', () => {
    expect(ruleMatches(job(), [failed('a', 0, 1)])).toEqual([]);
  });
});
