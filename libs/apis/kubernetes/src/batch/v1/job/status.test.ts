import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate } from '@binnacle/apis-registry';
import type { Job, JobSpec, JobStatus } from '../index.js';
import { jobs } from './definition.js';
import { printer } from './printer.js';

const START = '2026-01-01T00:00:00Z';
const LATER = '2026-01-01T00:01:00Z';
const draft = (spec: Partial<JobSpec> = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'pi', namespace: 'ns', uid: 'u-1' },
  spec: { template: { spec: { containers: [{ name: 'c', image: 'i' }], restartPolicy: 'Never' } }, ...spec },
});
const plain = rehearseCreate(jobs, draft()).object;
const indexed = rehearseCreate(jobs, draft({ completionMode: 'Indexed', completions: 5, parallelism: 2 })).object;
const withLimit = { ...indexed, spec: { ...(indexed.spec as JobSpec), backoffLimitPerIndex: 1 } };
const having = (...types: string[]) => ({ conditions: types.map((type) => ({ type, status: 'True' })) });
const texts = (job: Job, next: JobStatus, old: JobStatus = {}): string[] =>
  rehearseStatusUpdate(jobs, { ...job, status: next }, { ...job, status: old }).errors.map(
    ({ field, message }) => `${field}: ${message}`,
  );

const COMPLETE: JobStatus = {
  startTime: START,
  completionTime: LATER,
  succeeded: 1,
  ...having('SuccessCriteriaMet', 'Complete'),
};
const FAILED: JobStatus = { startTime: START, failed: 1, ...having('FailureTarget', 'Failed') };

describe('the status of a Job', () => {
  it.each<[reason: string, JobStatus, old: JobStatus, expected: string[]]>([
    ['counts Pods', { startTime: START, active: 2, ready: 1, succeeded: 3, failed: 1, terminating: 1 }, {}, []],
    [
      'never fewer than none',
      { active: -1, ready: -2 },
      {},
      [
        'status.active: Invalid value: -1: must be greater than or equal to 0',
        'status.ready: Invalid value: -2: must be greater than or equal to 0',
      ],
    ],
    [
      'has none ready that are not there',
      { active: 1, ready: 2 },
      {},
      ['status.ready: Invalid value: 2: cannot set more ready pods than active'],
    ],
    [
      'counts on',
      { failed: 1, succeeded: 1 },
      { failed: 2, succeeded: 2 },
      [
        'status.failed: Invalid value: 1: cannot decrease the failed counter',
        'status.succeeded: Invalid value: 1: cannot decrease the succeeded counter',
      ],
    ],
    [
      'remembers each Pod once',
      { uncountedTerminatedPods: { succeeded: ['a', ''], failed: ['b', 'a'] } },
      {},
      [
        'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
        'status.uncountedTerminatedPods.failed[1]: Duplicate value: "a"',
      ],
    ],
    ['can be complete', COMPLETE, { startTime: START }, []],
    ['can be failed', FAILED, { startTime: START }, []],
    [
      'is not both',
      { ...COMPLETE, ...having('SuccessCriteriaMet', 'Complete', 'FailureTarget', 'Failed') },
      { startTime: START },
      [
        'status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions',
        'status.conditions: Invalid value: cannot set Complete=True and FailureTarget=true conditions',
        'status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and Failed=true conditions',
        'status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions',
      ],
    ],
    [
      'that is complete says when',
      { startTime: START, ...having('SuccessCriteriaMet', 'Complete') },
      { startTime: START },
      ['status.completionTime: Required value: completionTime is required for Complete jobs'],
    ],
    [
      'and that is not, does not',
      { startTime: START, completionTime: LATER },
      { startTime: START },
      [
        `status.completionTime: Invalid value: "${LATER}": cannot set completionTime when there is no Complete=True condition`,
      ],
    ],
    [
      'does not end before it began',
      { ...COMPLETE, startTime: LATER, completionTime: START },
      {},
      [`status.completionTime: Invalid value: "${START}": must be equal to or after \`startTime\``],
    ],
    [
      'is known to end before it has',
      { startTime: START, completionTime: LATER, ...having('Complete') },
      { startTime: START },
      [
        'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
      ],
    ],
    [
      'or to fail',
      { startTime: START, ...having('Failed') },
      { startTime: START },
      ['status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition'],
    ],
    [
      'has nothing under way at its end',
      {
        ...FAILED,
        startTime: undefined,
        active: 1,
        terminating: 2,
        uncountedTerminatedPods: { failed: ['a'] },
      } as never,
      {},
      [
        'status.active: Invalid value: 1: active>0 is invalid for finished job',
        'status.startTime: Required value: startTime is required for finished job',
        'status.uncountedTerminatedPods: Invalid value: {"failed":["a"]}: must be empty for finished job',
        'status.terminating: Invalid value: 2: terminating>0 is invalid for finished job',
      ],
    ],
    [
      'stays ended',
      { startTime: START, failed: 1 },
      FAILED,
      [
        'status.conditions: Invalid value: cannot disable the terminal Failed=True condition',
        'status.conditions: Invalid value: cannot disable the terminal FailureTarget=True condition',
      ],
    ],
    [
      'stays successful',
      { ...COMPLETE, ...having('Complete') },
      COMPLETE,
      [
        'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
        'status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition',
      ],
    ],
    [
      'does not become so after its end',
      COMPLETE,
      { ...COMPLETE, ...having('Complete') },
      [
        'status.conditions: Invalid value: cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions',
      ],
    ],
    [
      'keeps its times',
      { ...COMPLETE, startTime: LATER, completionTime: '2026-01-01T00:02:00Z' },
      COMPLETE,
      [
        'status.completionTime: Invalid value: "2026-01-01T00:02:00Z": field is immutable',
        `status.startTime: Invalid value: "${LATER}": field is immutable for unsuspended job once set`,
      ],
    ],
    [
      'starts anew where it goes on',
      { startTime: LATER, conditions: [{ type: 'Suspended', status: 'False' }] },
      { startTime: START, ...having('Suspended') },
      [],
    ],
    ['that was wrong before is left alone', { ...FAILED, active: 1, ready: 2 }, { ...FAILED, active: 1, ready: 2 }, []],
    [
      'has no indexes without numbers',
      { completedIndexes: '0', failedIndexes: '' },
      {},
      [
        'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
        'status.failedIndexes: Invalid value: "": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
      ],
    ],
  ])('%s', (_reason, next, old, expected) => {
    expect(texts(plain, next, old)).toEqual(expected);
  });

  it.each<[reason: string, Job, JobStatus, old: JobStatus, expected: string[]]>([
    ['are done or failed', withLimit, { completedIndexes: '0,2', failedIndexes: '1' }, {}, []],
    [
      'not both',
      withLimit,
      { completedIndexes: '0-2', failedIndexes: '1' },
      {},
      ['status.failedIndexes: Invalid value: "1": failedIndexes and completedIndexes overlap at index: 1'],
    ],
    [
      'are written in their form',
      withLimit,
      { completedIndexes: '2,1', failedIndexes: '7' },
      {},
      [
        'status.completedIndexes: Invalid value: "2,1": error parsing completedIndexes: non-increasing order, previous: 2, current: 1',
        'status.failedIndexes: Invalid value: "7": error parsing failedIndexes: too large index: "7"',
      ],
    ],
    ['of before count no more', withLimit, { completedIndexes: '7' }, { completedIndexes: '7' }, []],
    [
      'can become fewer where all run at once',
      { ...indexed, spec: { ...(indexed.spec as JobSpec), parallelism: 5 } },
      { succeeded: 1 },
      { succeeded: 2 },
      [],
    ],
  ])('indexes %s', (_reason, job, next, old, expected) => {
    expect(texts(job, next, old)).toEqual(expected);
  });

  it('of a Job with a policy of success is met before it is complete', () => {
    const job = {
      ...indexed,
      spec: { ...(indexed.spec as JobSpec), successPolicy: { rules: [{ succeededCount: 1 }] } },
    };
    const complete = { startTime: START, completionTime: LATER, ...having('Complete') };
    expect(texts(job, complete, complete)).toEqual([
      'status.conditions: Invalid value: cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
    ]);
  });

  it('of a Job that never begins has no start', () => {
    const never = { ...plain, spec: { ...(plain.spec as JobSpec), suspend: true, completions: 0 } };
    const { startTime: _, ...ended } = COMPLETE;
    expect(texts(never, ended)).toEqual([]);
  });

  it('is all that is written', () => {
    const next: Job = { ...draft({ parallelism: 9 }), status: { active: 1 } };
    const { object } = rehearseStatusUpdate(jobs, next, plain);
    expect(object).toMatchObject({ spec: plain.spec, status: { active: 1 } });
  });
});

describe('a printed Job', () => {
  const now = Date.parse('2026-01-01T00:03:00Z');
  const row = (fields: Partial<Job>) => printer.row({ ...plain, ...fields }, now).slice(1, 4);

  it.each<[reason: string, fields: Partial<Job>, expected: string[]]>([
    ['has not begun', {}, ['Running', '0/1', '']],
    ['runs', { status: { startTime: START } }, ['Running', '0/1', '3m']],
    ['is complete', { status: COMPLETE }, ['Complete', '1/1', '60s']],
    ['has failed', { status: FAILED }, ['Failed', '0/1', '3m']],
    ['is stopped', { status: having('Suspended') }, ['Suspended', '0/1', '']],
    ['is about to fail', { status: having('FailureTarget') }, ['FailureTarget', '0/1', '']],
    ['goes', { metadata: { name: 'a', deletionTimestamp: START } }, ['Terminating', '0/1', '']],
    ['has several at once', { spec: { ...draft().spec, parallelism: 3 } as JobSpec }, ['Running', '0/1 of 3', '']],
    ['has one', { spec: { ...draft().spec, parallelism: 1 } as JobSpec }, ['Running', '0/1', '']],
  ])('%s', (_reason, fields, expected) => {
    expect(row(fields)).toEqual(expected);
  });
});
