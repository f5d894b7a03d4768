import type { CronJob, CronJobSpec, Job } from '@binnacle/apis-kubernetes/batch/v1';
import { formatTime } from '@binnacle/machinery-meta';
import { CREATED_AT, cronJob, job, type Overrides } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { timesOf } from './cron-job.reconciler.js';
import { dueTime, type Next, nextLook } from './due.js';
import { reviewActive, superfluousJobs } from './history.js';
import { jobFor, planRun } from './plan.js';

const NOW = Date.parse(CREATED_AT);
const MINUTE = 60_000;
const make = (spec: Overrides<CronJobSpec> = {}, status: object = {}): CronJob =>
  cronJob({ spec: spec as never, status });
const times = (cron: CronJob): Next => timesOf(cron) as Next;
const minutes = (time: number | undefined) => (time === undefined ? undefined : (time - NOW) / MINUTE);

describe('what is due', () => {
  test.each<[string, Overrides<CronJobSpec>, object, number, [due: number | undefined, look: number | undefined]]>([
    ['nothing before the first time', { schedule: '*/10 * * * *' }, {}, 9, [undefined, 10]],
    ['the first time', { schedule: '*/10 * * * *' }, {}, 10, [10, 20]],
    ['only the last of several', { schedule: '*/10 * * * *' }, {}, 35, [30, 40]],
    [
      'what came since the last one',
      { schedule: '*/10 * * * *' },
      { lastScheduleTime: formatTime(NOW + 30 * MINUTE) },
      35,
      [undefined, 40],
    ],
    [
      'nothing older than the deadline',
      { schedule: '*/10 * * * *', startingDeadlineSeconds: 60 },
      {},
      35,
      [undefined, 40],
    ],
    ['the last of very many', { schedule: '* * * * *' }, {}, 500_000, [500_000, 500_001]],
    ['the last of times that come unevenly', { schedule: '0,1 0 * * *' }, {}, 3 * 1440, [3 * 1440, 3 * 1440 + 1]],
  ])('%s', (_, spec, status, at, [due, look]) => {
    const cron = make(spec, status);
    const now = NOW + at * MINUTE;
    expect(minutes(dueTime(cron, now, times(cron)).time)).toBe(due);
    expect(minutes(nextLook(cron, now, times(cron)))).toBe(look);
  });

  test.each([
    [101, true],
    [100, false],
  ])('after %i missed ones says that they are many: %s', (count, many) => {
    const cron = make();
    expect(dueTime(cron, NOW + count * MINUTE, times(cron)).many).toBe(many);
  });

  test('is nothing, ever, where the schedule has no times', () => {
    const cron = make({ schedule: '0 0 30 2 ?' });
    expect(dueTime(cron, NOW + MINUTE, times(cron))).toEqual({ many: false });
    expect(nextLook(cron, NOW + MINUTE, times(cron))).toBeUndefined();
  });
});

test('what is due is found in few steps, though months were left out and minutes followed', () => {
  const [since, now] = ['2025-11-30T23:58:00Z', '2026-11-30T04:00:30Z'].map((time) => Date.parse(time)) as [
    number,
    number,
  ];
  const cron = cronJob({ spec: { schedule: '* * * 6-11 *' }, status: { lastScheduleTime: formatTime(since) } });
  let steps = 0;
  const next: Next = (after) => {
    steps += 1;
    return times(cron)(after);
  };
  expect(dueTime(cron, now, next).time).toBe(now - MINUTE / 2);
  expect(steps).toBeLessThan(200);
});

describe('what is done about it', () => {
  const active = (name: string) => ({ active: [{ name, uid: name }] });
  const minute = NOW / MINUTE;
  test.each<[string, Overrides<CronJobSpec>, object, number, object]>([
    ['it runs', {}, {}, 0, { kind: 'run', replaces: false }],
    ['beside another', {}, active('other'), 0, { kind: 'run', replaces: false }],
    ['in place of another', { concurrencyPolicy: 'Replace' }, active('other'), 0, { kind: 'run', replaces: true }],
    ['not beside another', { concurrencyPolicy: 'Forbid' }, active('other'), 0, { kind: 'another runs' }],
    ['not twice', {}, active(`nightly-${minute}`), 0, { kind: 'done before' }],
    ['not again', {}, { lastScheduleTime: CREATED_AT }, 0, { kind: 'done before' }],
    ['in time', { startingDeadlineSeconds: 10 }, {}, 10, { kind: 'run' }],
    ['too late', { startingDeadlineSeconds: 10 }, {}, 11, { kind: 'too late' }],
  ])('%s', (_, spec, status, late, plan) => {
    expect(planRun(make(spec), status, NOW, NOW + late * 1000)).toMatchObject(plan);
  });

  test('the Job has the name of its minute and says when it was to be, in the zone', () => {
    const cron = make({
      timeZone: 'Asia/Kolkata',
      jobTemplate: { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } },
    } as never);
    const { metadata, spec } = jobFor(cron, NOW);
    expect(metadata).toMatchObject({
      name: `nightly-${minute}`,
      namespace: 'default',
      labels: { a: 'b' },
      annotations: { c: 'd', 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T05:30:00+05:30' },
      ownerReferences: [{ kind: 'CronJob', name: 'nightly', controller: true, blockOwnerDeletion: true }],
    });
    expect(spec).toEqual(cron.spec.jobTemplate.spec);
  });
});

const child = (name: string, type?: 'Complete' | 'Failed', at = 0): Job => {
  const time = formatTime(NOW + at * MINUTE);
  const conditions = type ? [{ type, status: 'True', lastTransitionTime: time }] : [];
  const status = { conditions, startTime: time, ...(type === 'Complete' && { completionTime: time }) };
  return job({ metadata: { name, uid: name }, status });
};
const namesOf = (jobs: readonly Job[]) => jobs.map(({ metadata }) => metadata.name);

describe('finished Jobs', () => {
  const jobs = [
    child('c3', 'Complete', 3),
    child('c1', 'Complete', 1),
    child('c2', 'Complete', 2),
    child('f1', 'Failed', 1),
    child('f2', 'Failed', 2),
    child('running'),
  ];
  test.each([
    ['the oldest go', 1, 1, ['c1', 'c2', 'f1']],
    ['none is kept', 0, 0, ['c1', 'c2', 'c3', 'f1', 'f2']],
    ['there is room for all', 9, 9, []],
  ])('%s', (_, successful, failed, gone) => {
    const cron = make({ successfulJobsHistoryLimit: successful, failedJobsHistoryLimit: failed });
    expect(namesOf(superfluousJobs(cron, jobs))).toEqual(gone);
  });
});

test('the list of active Jobs follows those there are', () => {
  const active = ['done', 'runs', 'gone'].map((name) => ({ name, uid: name }));
  const cron = make({}, { active, lastSuccessfulTime: formatTime(NOW) });
  const review = reviewActive(cron, [
    child('done', 'Complete', 5),
    child('runs'),
    child('strange'),
    child('old', 'Failed'),
  ]);
  expect(namesOf(review.completed)).toEqual(['done']);
  expect(namesOf(review.unexpected)).toEqual(['strange']);
  expect(review.unseen.map(({ name }) => name)).toEqual(['gone']);
  expect(review.status.active?.map(({ name }) => name)).toEqual(['runs', 'gone']);
  expect(review.status.lastSuccessfulTime).toBe(formatTime(NOW + 5 * MINUTE));
});
