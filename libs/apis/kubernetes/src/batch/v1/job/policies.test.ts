import { describe, expect, it } from 'vitest';
import { rehearseCreate } from '@binnacle/apis-registry';
import type { Job, PodFailurePolicyRule, SuccessPolicyRule } from '../index.js';
import { jobs } from './definition.js';

const texts = (overrides: object): string[] => {
  const job: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'pi', namespace: 'ns', uid: 'u-1' },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'main', image: 'i' }],
          initContainers: [{ name: 'first', image: 'i' }],
        },
      },
      ...overrides,
    },
  };
  return rehearseCreate(jobs, job).errors.map(({ field, message }) => `${field}: ${message}`);
};

describe('the failures of Pods', () => {
  const RULES = 'spec.podFailurePolicy.rules';
  const judged = (rules: readonly object[], overrides: object = {}): string[] =>
    texts({ podFailurePolicy: { rules: rules as PodFailurePolicyRule[] }, ...overrides });
  const codes = (overrides: object = {}) => ({
    action: 'FailJob',
    onExitCodes: { operator: 'In', values: [1, 2], ...overrides },
  });

  it.each<[reason: string, rules: object[], expected: string[]]>([
    ['are told by exit codes', [codes(), codes({ containerName: 'first', operator: 'NotIn', values: [0] })], []],
    ['or by conditions', [{ action: 'Count', onPodConditions: [{ type: 'DisruptionTarget', status: 'False' }] }], []],
    [
      'by one of them',
      [{ action: 'Ignore' }],
      [`${RULES}[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`],
    ],
    [
      'not by both',
      [{ ...codes(), onPodConditions: [{ type: 'A' }] }],
      [`${RULES}[0]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported`],
    ],
    [
      'lead to something',
      [
        { ...codes(), action: '' },
        { ...codes(), action: 'Explode' },
      ],
      [
        `${RULES}[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]`,
        `${RULES}[1].action: Unsupported value: "Explode": supported values: "Count", "FailIndex", "FailJob", "Ignore"`,
      ],
    ],
    [
      'fail an index where they are counted for each',
      [{ ...codes(), action: 'FailIndex' }],
      [`${RULES}[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`],
    ],
    [
      'are of a container that is there',
      [codes({ containerName: 'other' })],
      [
        `${RULES}[0].onExitCodes.containerName: Invalid value: "other": must be one of the container or initContainer names in the pod template`,
      ],
    ],
    [
      'compare codes in a known way with some',
      [codes({ operator: 'Like', values: [] }), codes({ operator: '' })],
      [
        `${RULES}[0].onExitCodes.operator: Unsupported value: "Like": supported values: "In", "NotIn"`,
        `${RULES}[0].onExitCodes.values: Invalid value: []: at least one value is required`,
        `${RULES}[1].onExitCodes.operator: Required value: valid values: ["In" "NotIn"]`,
      ],
    ],
    [
      'are no successes, and in order',
      [codes({ values: [3, 0, 3] })],
      [
        `${RULES}[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator`,
        `${RULES}[0].onExitCodes.values[2]: Duplicate value: 3`,
        `${RULES}[0].onExitCodes.values: Invalid value: [3,0,3]: must be ordered`,
      ],
    ],
    [
      'know the conditions they ask for',
      [{ action: 'Ignore', onPodConditions: [{ type: 'A B', status: 'Perhaps' }] }],
      [
        expect.stringContaining(`${RULES}[0].onPodConditions[0].type: Invalid value: "A B": name part must consist`),
        `${RULES}[0].onPodConditions[0].status: Unsupported value: "Perhaps": supported values: "False", "True", "Unknown"`,
      ],
    ],
    ['are told by few rules', new Array(21).fill(codes()), [`${RULES}: Too many: 21: must have at most 20 items`]],
    [
      'of few codes',
      [codes({ values: Array.from({ length: 256 }, (_, index) => index + 1) })],
      [`${RULES}[0].onExitCodes.values: Too many: 256: must have at most 255 items`],
    ],
  ])('%s', (_reason, rules, expected) => {
    expect(judged(rules)).toEqual(expected);
  });

  it('are those of Pods that are not started again and have ended', () => {
    const template = { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'c', image: 'i' }] } };
    expect(judged([codes()], { template, podReplacementPolicy: 'TerminatingOrFailed' })).toEqual([
      'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ]);
    expect(texts({ podReplacementPolicy: 'Never' })).toEqual([
      'spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"',
    ]);
  });
});

describe('the success of a Job', () => {
  const RULES = 'spec.successPolicy.rules';
  const judged = (rules: readonly SuccessPolicyRule[]): string[] =>
    texts({ completionMode: 'Indexed', completions: 10, successPolicy: { rules } });

  it.each<[reason: string, rules: SuccessPolicyRule[], expected: string[]]>([
    ['is told by numbers', [{ succeededIndexes: '0,2-4' }, { succeededCount: 10 }], []],
    [
      'by some rule',
      [],
      [`${RULES}: Required value: at least one rules must be specified when the successPolicy is specified`],
    ],
    [
      'that says something',
      [{}],
      [`${RULES}[0]: Required value: at least one of succeededCount or succeededIndexes must be specified`],
    ],
    [
      'of as many as there are',
      [{ succeededCount: 11 }, { succeededIndexes: '1-3', succeededCount: 4 }, { succeededCount: -1 }],
      [
        `${RULES}[0].succeededCount: Invalid value: 11: must be less than or equal to 10 (the number of specified completions)`,
        `${RULES}[1].succeededCount: Invalid value: 4: must be less than or equal to 3 (the number of indexes in the specified succeededIndexes field)`,
        `${RULES}[2].succeededCount: Invalid value: -1: must be greater than or equal to 0`,
      ],
    ],
    [
      'written in their form',
      [{ succeededIndexes: '10' }],
      [`${RULES}[0].succeededIndexes: Invalid value: "10": error parsing succeededIndexes: too large index: "10"`],
    ],
    [
      'and not at length',
      [{ succeededIndexes: '1'.repeat(70_000) }],
      [
        `${RULES}[0].succeededIndexes: Too long: may not be more than 65536 bytes`,
        expect.stringContaining('too large index'),
      ],
    ],
    ['by few rules', new Array(21).fill({ succeededCount: 1 }), [`${RULES}: Too many: 21: must have at most 20 items`]],
  ])('%s', (_reason, rules, expected) => {
    expect(judged(rules)).toEqual(expected);
  });

  it('is that of numbers only', () => {
    expect(texts({ successPolicy: { rules: [{ succeededCount: 1 }] } })).toEqual([
      'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
    ]);
  });
});
