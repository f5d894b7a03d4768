import type { Job, JobSpec } from '@binnacle/apis-kubernetes/batch/v1';
import {
  type Backoff,
  backoffEndsAt,
  finishedAt,
  nextBackoff,
  NO_FAILURES,
} from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { JOB_COMPLETION_INDEX, JOB_TRACKING_FINALIZER } from '@binnacle/apis-kubernetes/well-known';
import { formatTime } from '@binnacle/machinery-meta';
import { CREATED_AT, job, type Overrides, override, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { completionOf, finishOf } from './finish.js';
import { jobState } from './job-state.js';
import { planPods } from './plan.js';
import { podOfJob } from './pod-of-job.js';
import { finished, lastCondition, withSuspension } from './status.js';
import { settle, track } from './tracking.js';

const NOW = Date.parse(CREATED_AT);
const SECOND = 1000;
const STARTED = { startTime: CREATED_AT };

function make(spec: Overrides<JobSpec>, status: object = {}): Job & { spec: JobSpec } {
  const made = job({ spec: spec as never, status: { ...STARTED, ...status } });
  return { ...made, spec: made.spec as JobSpec };
}

let serial = 0;
function tracked(phase: string, more: Overrides<Pod> = {}, index?: number): Pod {
  serial += 1;
  const annotations = index === undefined ? {} : { [JOB_COMPLETION_INDEX]: String(index) };
  const base = pod({
    metadata: { name: `p-${serial}`, finalizers: [JOB_TRACKING_FINALIZER], annotations },
    status: { phase },
  });
  return override(base, more);
}
const at = (phase: string, ...indexes: number[]) => indexes.map((index) => tracked(phase, {}, index));
const leaving = { metadata: { deletionTimestamp: CREATED_AT } };
const failedAt = (seconds: number, more: Overrides<Pod> = {}, index?: number) => {
  const finishedAt = formatTime(NOW + seconds * SECOND);
  const containerStatuses = [
    {
      name: 'main',
      image: 'i',
      imageID: 'i',
      ready: false,
      restartCount: 0,
      state: { terminated: { exitCode: 1, finishedAt } },
    },
  ];
  return override(tracked('Failed', { status: { containerStatuses } }, index), more);
};
const indexed = (spec: Overrides<JobSpec>) => ({ completionMode: 'Indexed', ...spec }) as Overrides<JobSpec>;

describe('which Pods are made and which go', () => {
  test.each<[string, Overrides<JobSpec>, object, Pod[], [create: number, remove: number]]>([
    ['as many as work at once', { completions: 5, parallelism: 2 }, {}, [], [2, 0]],
    ['no more than are left to do', { completions: 5, parallelism: 4 }, { succeeded: 3 }, [], [2, 0]],
    ['those that have just ended count', { completions: 3, parallelism: 3 }, {}, [tracked('Succeeded')], [2, 0]],
    ['any number until one succeeds', { completions: undefined, parallelism: 3 }, {}, [tracked('Running')], [2, 0]],
    [
      'none after one succeeded',
      { completions: undefined, parallelism: 3 },
      { succeeded: 1 },
      [tracked('Running')],
      [0, 0],
    ],
    ['too many go', { completions: 5, parallelism: 1 }, {}, [tracked('Running'), tracked('Running')], [0, 1]],
    ['all go when it is suspended', { suspend: true }, {}, [tracked('Running')], [0, 1]],
    ['one on its way out is replaced', {}, {}, [tracked('Running', leaving)], [1, 0]],
    ['or is waited for', { podReplacementPolicy: 'Failed' }, {}, [tracked('Running', leaving)], [0, 0]],
  ])('%s', (_, spec, status, pods, counts) => {
    const plan = planPods(jobState(make(spec, status), pods), NO_FAILURES, NOW);
    expect([plan.create.length, plan.remove.length]).toEqual(counts);
  });

  test('are of the first indexes nobody works at and that are not done', () => {
    const state = jobState(make(indexed({ completions: 8, parallelism: 5 }), { completedIndexes: '0,2' }), [
      ...at('Running', 1),
      ...at('Succeeded', 4),
    ]);
    expect(planPods(state, NO_FAILURES, NOW).create).toEqual([3, 5, 6, 7]);
  });

  test('of two of an index one goes, and those of indexes there are not', () => {
    const pods = [...at('Running', 0, 0, 1, 7), tracked('Running')];
    const state = jobState(make(indexed({ completions: 3, parallelism: 3 })), pods);
    expect(planPods(state, NO_FAILURES, NOW).remove).toHaveLength(3);
  });

  test('wait for a while after failures, longer and longer', () => {
    const failures = (count: number) => ({ failures: count, lastFailure: NOW });
    expect([1, 2, 3, 7, 40].map((count) => (backoffEndsAt(failures(count)) ?? 0) - NOW)).toEqual([
      10_000, 20_000, 40_000, 600_000, 600_000,
    ]);
    const state = jobState(make({}), []);
    expect(planPods(state, failures(1), NOW + 9_999)).toEqual({ create: [], remove: [], again: NOW + 10_000 });
    expect(planPods(state, failures(1), NOW + 10_000).create).toHaveLength(1);
  });

  test('of indexes with a limit of their own wait each by itself', () => {
    const spec = indexed({ completions: 3, parallelism: 3, backoffLimitPerIndex: 2 });
    const again = { metadata: { annotations: { 'batch.kubernetes.io/job-index-failure-count': '1' } } };
    const state = jobState(make(spec), [failedAt(0, {}, 0), failedAt(0, again, 1)]);
    expect(planPods(state, NO_FAILURES, NOW)).toEqual({ remove: [], create: [2], again: NOW + 10_000 });
    expect(planPods(state, NO_FAILURES, NOW + 10_000)).toEqual({ remove: [], create: [0, 2], again: NOW + 20_000 });
    const replacement = podOfJob(state, 1);
    expect(replacement.metadata.annotations).toMatchObject({ 'batch.kubernetes.io/job-index-failure-count': '2' });
  });
});

describe('failures since the last success', () => {
  test.each<[string, Backoff, Pod[], Pod[], [failures: number, seconds: number | undefined]]>([
    ['add up', { failures: 2, lastFailure: NOW }, [], [failedAt(5), failedAt(3)], [4, 5]],
    [
      'before a success are forgotten',
      { failures: 2, lastFailure: NOW },
      [failedAt(4)],
      [failedAt(5), failedAt(3)],
      [1, 5],
    ],
    ['are none after a success', { failures: 2, lastFailure: NOW }, [failedAt(9)], [failedAt(5)], [0, undefined]],
    ['stay as they are', { failures: 2, lastFailure: NOW }, [], [], [2, 0]],
  ])('%s', (_, before, succeeded, failed, [failures, seconds]) => {
    const lastFailure = seconds === undefined ? {} : { lastFailure: NOW + seconds * SECOND };
    expect(nextBackoff(before, succeeded, failed)).toEqual({ failures, ...lastFailure });
  });

  test('a Pod without a word of its containers ended when it was not ready any more, was deleted, or at worst was made', () => {
    const lastTransitionTime = formatTime(NOW + 7 * SECOND);
    const unready = { status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }] } };
    const deletionTimestamp = formatTime(NOW + 40 * SECOND);
    const deleted = { metadata: { deletionTimestamp, deletionGracePeriodSeconds: 30 } };
    const times = [unready, deleted, {}].map((more) => finishedAt(tracked('Failed', more)));
    expect(times.map((time) => (time - NOW) / SECOND)).toEqual([7, 10, 0]);
  });
});

describe('how a Job ends', () => {
  const policy = { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }] };
  const restarted = tracked('Running', {
    status: { containerStatuses: [{ name: 'main', image: 'i', imageID: 'i', ready: true, restartCount: 2 }] },
  });
  const perIndex = indexed({ completions: 3, parallelism: 3, backoffLimitPerIndex: 0 });
  test.each<[string, Overrides<JobSpec>, object, Pod[], string | undefined]>([
    ['not at all', {}, {}, [tracked('Running')], undefined],
    ['too many failures', { backoffLimit: 1 }, { failed: 1 }, [failedAt(1)], 'FailureTarget BackoffLimitExceeded'],
    ['as many as there may be', { backoffLimit: 1 }, {}, [failedAt(1)], undefined],
    [
      'containers started again too often',
      { backoffLimit: 2, template: { spec: { restartPolicy: 'OnFailure' } } } as never,
      {},
      [restarted],
      'FailureTarget BackoffLimitExceeded',
    ],
    ['a rule of its policy', { podFailurePolicy: policy }, {}, [failedAt(1)], 'FailureTarget PodFailurePolicy'],
    ['its deadline', { activeDeadlineSeconds: 0 }, {}, [], 'FailureTarget DeadlineExceeded'],
    ['no deadline while it is suspended', { activeDeadlineSeconds: 0, suspend: true }, {}, [], undefined],
    [
      'too many failed indexes',
      { ...perIndex, maxFailedIndexes: 1 } as never,
      {},
      [failedAt(1, {}, 0), failedAt(1, {}, 1)],
      'FailureTarget MaxFailedIndexesExceeded',
    ],
    [
      'all ended, some badly',
      perIndex,
      { completedIndexes: '1,2' },
      [failedAt(1, {}, 0)],
      'FailureTarget FailedIndexes',
    ],
    ['some failed, others run', perIndex, {}, [failedAt(1, {}, 0), ...at('Running', 1, 2)], undefined],
    [
      'enough succeeded',
      indexed({ completions: 3, successPolicy: { rules: [{ succeededIndexes: '2' }] } }),
      {},
      at('Succeeded', 2),
      'SuccessCriteriaMet SuccessPolicy',
    ],
    ['as it has said', {}, { conditions: [{ type: 'FailureTarget', status: 'True', reason: 'R' }] }, [], 'Failed R'],
    [
      'well, as it has said',
      {},
      { conditions: [{ type: 'SuccessCriteriaMet', status: 'True', reason: 'R' }] },
      [],
      'SuccessCriteriaMet R',
    ],
  ])('%s', (_, spec, status, pods, expected) => {
    const finish = finishOf(jobState(make(spec, status), pods), NOW);
    expect(finish && `${finish.type} ${finish.reason}`).toBe(expected);
  });

  test.each<[string, Overrides<JobSpec>, object, number, boolean]>([
    ['when all is done', { completions: 2 }, { succeeded: 2 }, 0, true],
    ['not while Pods are left', { completions: 2 }, { succeeded: 2 }, 1, false],
    ['not before all is done', { completions: 2 }, { succeeded: 1 }, 0, false],
    ['with the first success where no number is said', { completions: undefined }, { succeeded: 1 }, 0, true],
    ['at once where there is nothing to do', { completions: 0 }, {}, 0, true],
  ])('well, %s', (_, spec, status, active, complete) => {
    expect(completionOf(jobState(make(spec, status), []), active, NOW) !== undefined).toBe(complete);
  });

  test('the last condition comes when every Pod is counted and has gone', () => {
    const announced = finishOf(jobState(make({ backoffLimit: 0 }), [failedAt(1)]), NOW);
    const last = lastCondition(announced as never, NOW);
    expect(last).toMatchObject({ type: 'Failed', reason: 'BackoffLimitExceeded' });
    expect(finished({ uncountedTerminatedPods: { failed: ['a'] } }, last)).toBeUndefined();
    expect(finished({ terminating: 1 }, last)).toBeUndefined();
    expect(finished({ terminating: 0 }, last)).toMatchObject({ conditions: [{ type: 'Failed' }] });
  });
});

describe('the ends of Pods', () => {
  test('stand in the status before their finalizers go, and go over into the counts afterwards', () => {
    const pods = [tracked('Succeeded'), failedAt(1), tracked('Running')];
    const state = jobState(make({ completions: 3, parallelism: 3 }), pods);
    const { status, release } = track(state, undefined, state.job.status ?? {});
    const [succeeded, failed] = pods.map(({ metadata }) => metadata.uid ?? '');
    expect(status.uncountedTerminatedPods).toEqual({ succeeded: [succeeded], failed: [failed] });
    expect(release).toEqual(pods.slice(0, 2));
    expect(settle(status, new Set([failed ?? '']))).toMatchObject({
      succeeded: 1,
      uncountedTerminatedPods: { failed: [failed] },
    });
  });

  test('are not counted twice by a status that has them already', () => {
    const gone = failedAt(1);
    const uncounted = { uncountedTerminatedPods: { failed: [gone.metadata.uid] } };
    const state = jobState(make({}, uncounted), [gone]);
    expect(state.failed).toBe(1);
    expect(track(state, undefined, state.job.status ?? {}).status).toMatchObject(uncounted);
  });

  test('that an Ignore rule covers are let go and not counted', () => {
    const rules = [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [1] } }];
    const state = jobState(make({ podFailurePolicy: { rules } }), [failedAt(1)]);
    const { status, release } = track(state, undefined, {});
    expect(state.failed).toBe(0);
    expect([status.uncountedTerminatedPods, release.length]).toEqual([{}, 1]);
  });

  test('of an indexed Job stand in the list of its indexes', () => {
    const state = jobState(make(indexed({ completions: 5, parallelism: 5 }), { completedIndexes: '1' }), [
      ...at('Succeeded', 2, 3),
      ...at('Running', 0),
      ...at('Succeeded', 9),
    ]);
    const { status } = track(state, undefined, state.job.status ?? {});
    expect(status).toMatchObject({ succeeded: 3, completedIndexes: '1-3', uncountedTerminatedPods: {} });
  });

  test('that end with a Job count as failures when it fails, and not when it succeeds', () => {
    const state = jobState(make({}), [tracked('Running')]);
    const ends = ['FailureTarget', 'SuccessCriteriaMet'].map(
      (type) => track(state, { type, status: 'True' }, {}).status.uncountedTerminatedPods?.failed?.length ?? 0,
    );
    expect(ends).toEqual([1, 0]);
  });

  test('are taken five hundred at a time', () => {
    const pods = Array.from({ length: 600 }, () => tracked('Succeeded'));
    const { release, whole } = track(jobState(make({ completions: 600 }), pods), undefined, {});
    expect([release.length, whole]).toEqual([500, false]);
  });
});

describe('suspension', () => {
  const suspended = {
    conditions: [{ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }],
  };
  test.each([
    ['begins', true, STARTED, 'Suspended', undefined],
    ['goes on', true, suspended, undefined, undefined],
    ['ends, and the time starts anew', false, suspended, 'Resumed', CREATED_AT],
    ['was never', false, STARTED, undefined, CREATED_AT],
  ])('%s', (_, suspend, status, event, startTime) => {
    const result = withSuspension(status, make({ suspend }).spec, NOW);
    expect([result.event, result.status.startTime]).toEqual([event, startTime]);
  });
});

describe('the Pod of an index', () => {
  const state = jobState(
    { ...make(indexed({ completions: 12, parallelism: 12 })), metadata: { ...job().metadata, name: 'x'.repeat(60) } },
    [],
  );
  test('says which it is by annotation, label, variable, name and host name', () => {
    const { metadata, spec } = podOfJob(state, 11);
    expect(metadata.generateName).toBe(`${'x'.repeat(54)}-11-`);
    expect(metadata.annotations?.[JOB_COMPLETION_INDEX]).toBe('11');
    expect(metadata.labels).toMatchObject({ app: 'web', [JOB_COMPLETION_INDEX]: '11' });
    expect(metadata.finalizers).toEqual([JOB_TRACKING_FINALIZER]);
    expect(spec?.hostname).toBe(`${'x'.repeat(60)}-11`);
    expect(spec?.containers[0]?.env).toEqual([
      {
        name: 'JOB_COMPLETION_INDEX',
        valueFrom: { fieldRef: { fieldPath: `metadata.labels['${JOB_COMPLETION_INDEX}']` } },
      },
    ]);
  });

  test('of a Job without indexes has none of it', () => {
    const made = podOfJob(jobState(make({}), []), undefined);
    expect(made.metadata).toMatchObject({ generateName: 'work-', finalizers: [JOB_TRACKING_FINALIZER] });
    expect(made.spec?.hostname).toBeUndefined();
  });
});
