import type { PodFailurePolicyRule, SuccessPolicyRule } from '@binnacle/apis-kubernetes/batch/v1';
import { IndexSet, judgeFailure } from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import { pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { metRule } from './success-policy.js';

const ended = (name: string, exitCode: number) => ({
  name,
  image: 'i',
  imageID: 'i',
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode } },
});
const exited = (main: number, init = 0) =>
  pod({
    status: { phase: 'Failed', containerStatuses: [ended('main', main)], initContainerStatuses: [ended('init', init)] },
  });
const disrupted = pod({ status: { phase: 'Failed', conditions: [{ type: 'DisruptionTarget', status: 'True' }] } });
const codes = (action: string, operator: string, values: number[], containerName?: string): PodFailurePolicyRule => ({
  action,
  onExitCodes: { operator, values, ...(containerName && { containerName }) },
});
const target = (action: string): PodFailurePolicyRule => ({
  action,
  onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
});

describe('a failure policy', () => {
  test.each([
    ['without a rule it counts', [], exited(1), { counts: true }],
    ['a code of the list', [codes('Ignore', 'In', [1, 2])], exited(2), { action: 'Ignore', counts: false }],
    ['no code of the list', [codes('Ignore', 'In', [1, 2])], exited(3), { counts: true }],
    ['a code that is not of the list', [codes('Count', 'NotIn', [1])], exited(3), { action: 'Count', counts: true }],
    ['a success is no failure', [codes('Ignore', 'NotIn', [1])], exited(0), { counts: true }],
    ['an init container too', [codes('FailIndex', 'In', [9])], exited(0, 9), { action: 'FailIndex', counts: true }],
    ['only the container that is named', [codes('Ignore', 'In', [9], 'main')], exited(0, 9), { counts: true }],
    ['a condition', [target('Ignore')], disrupted, { action: 'Ignore', counts: false }],
    [
      'the first that fits',
      [target('Count'), codes('Ignore', 'In', [1]), target('Ignore')],
      exited(1),
      { counts: false },
    ],
  ])('%s', (_, rules, failed, verdict) => {
    expect(judgeFailure({ rules }, failed)).toMatchObject(verdict);
  });

  test('that ends the Job says why', () => {
    expect(judgeFailure({ rules: [target('Ignore'), codes('FailJob', 'In', [42])] }, exited(42)).failsJob).toBe(
      'Container main for pod default/pod-1 failed with exit code 42 matching FailJob rule at index 1',
    );
    expect(judgeFailure({ rules: [target('FailJob')] }, disrupted).failsJob).toBe(
      'Pod default/pod-1 has condition DisruptionTarget matching FailJob rule at index 0',
    );
  });
});

describe('a success policy', () => {
  test.each<[string, SuccessPolicyRule[], string, number | undefined]>([
    ['all that are named', [{ succeededIndexes: '0,2' }], '0-2', 0],
    ['not all that are named', [{ succeededIndexes: '0,3' }], '0-2', undefined],
    ['enough of those named', [{ succeededIndexes: '0-4', succeededCount: 2 }], '1,2', 0],
    ['enough of any, by the second rule', [{ succeededIndexes: '9' }, { succeededCount: 2 }], '1,2', 1],
    ['too few of any', [{ succeededCount: 3 }], '1,2', undefined],
    ['nothing done yet', [{ succeededCount: 0 }], '', undefined],
    ['indexes there are not', [{ succeededIndexes: '12' }], '1', undefined],
  ])('%s', (_, rules, done, rule) => {
    expect(metRule({ rules }, 10, IndexSet.parse(done, 10))).toBe(rule);
  });
});
