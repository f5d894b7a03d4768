import { job, object } from '../manifests.js';
import {
  at,
  counts,
  has,
  type Json,
  make,
  patch,
  remove,
  type Scenario,
  settled,
  until,
  untilAll,
  untilGone,
} from '../scenario.js';

const WORK = 'jobs.batch/work';
const complete = until(WORK, has('Complete'));
const failed = (reason?: string) => until(WORK, has('Failed', 'True', reason));
const indexed = { completionMode: 'Indexed' };
const failsAt = (indexes: string, others = 'exit 0') =>
  `case $JOB_COMPLETION_INDEX in ${indexes}) exit 3;; esac; ${others}`;

const jobsOf: readonly Omit<Scenario, 'field'>[] = [
  { name: 'runs to its end', steps: [make(job('work', 'exit 0')), complete] },
  {
    name: 'runs several times, some at a time',
    steps: [make(job('work', 'exit 0', { completions: 4, parallelism: 2 })), complete],
  },
  { name: 'gives up', steps: [make(job('work', 'exit 1', { backoffLimit: 0 })), failed('BackoffLimitExceeded')] },
  {
    name: 'gives up after it has tried again',
    steps: [make(job('work', 'exit 1', { backoffLimit: 1 })), failed('BackoffLimitExceeded')],
  },
  {
    name: 'ends others when it gives up',
    steps: [
      make(
        job('work', failsAt('0', 'sleep 1000'), {
          ...indexed,
          completions: 3,
          parallelism: 3,
          backoffLimit: 0,
        }),
      ),
      failed(),
    ],
  },
  {
    name: 'takes too long',
    steps: [make(job('work', 'sleep 1000', { activeDeadlineSeconds: 3 })), failed('DeadlineExceeded')],
  },
  {
    name: 'works at indexes',
    steps: [make(job('work', 'exit 0', { ...indexed, completions: 4, parallelism: 2 })), complete],
  },
  {
    name: 'gives up at one index and goes on at others',
    steps: [
      make(job('work', failsAt('1'), { ...indexed, completions: 3, parallelism: 3, backoffLimitPerIndex: 0 })),
      failed('FailedIndexes'),
    ],
  },
  {
    name: 'gives up at too many indexes',
    steps: [
      make(
        job('work', failsAt('0|1', 'sleep 1000'), {
          ...indexed,
          completions: 4,
          parallelism: 4,
          backoffLimitPerIndex: 0,
          maxFailedIndexes: 1,
        }),
      ),
      failed('MaxFailedIndexesExceeded'),
    ],
  },
  {
    name: 'fails at an exit code that it must not',
    steps: [
      make(
        job('work', 'exit 42', {
          backoffLimit: 5,
          podFailurePolicy: {
            rules: [{ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } }],
          },
        }),
      ),
      failed('PodFailurePolicy'),
    ],
  },
  {
    name: 'fails at one index by an exit code',
    steps: [
      make(
        job('work', failsAt('0'), {
          ...indexed,
          completions: 2,
          parallelism: 2,
          backoffLimitPerIndex: 3,
          podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [3] } }] },
        }),
      ),
      failed('FailedIndexes'),
    ],
  },
  {
    name: 'does not count a Pod that was disturbed',
    steps: [
      make(
        job('work', 'sleep 1000', {
          backoffLimit: 0,
          podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
        }),
      ),
      until(WORK, counts('ready', 1)),
      { evict: 'job-name=work' },
      settled,
      until(WORK, counts('ready', 1)),
    ],
  },
  {
    name: 'has succeeded before all of it has',
    steps: [
      make(
        job('work', '[ "$JOB_COMPLETION_INDEX" = 0 ] || sleep 1000', {
          ...indexed,
          completions: 3,
          parallelism: 3,
          successPolicy: { rules: [{ succeededIndexes: '0' }] },
        }),
      ),
      complete,
      settled,
    ],
  },
  {
    name: 'made suspended, resumed and suspended again',
    steps: [
      make(job('work', 'sleep 1000', { suspend: true })),
      until(WORK, has('Suspended')),
      patch(WORK, { spec: { suspend: false } }),
      until(WORK, counts('ready', 1)),
      patch(WORK, { spec: { suspend: true } }),
      until(WORK, has('Suspended')),
      untilAll('pods', (all) => all.length === 0),
      settled,
    ],
  },
  {
    name: 'with more at a time, and then fewer',
    steps: [
      make(job('work', 'sleep 1000', { completions: 6, parallelism: 1 })),
      until(WORK, counts('ready', 1)),
      patch(WORK, { spec: { parallelism: 3 } }),
      until(WORK, counts('ready', 3)),
      patch(WORK, { spec: { parallelism: 1 } }),
      until(WORK, counts('ready', 1)),
      settled,
    ],
  },
  {
    name: 'is forgotten',
    steps: [
      make(job('work', 'exit 0', { ttlSecondsAfterFinished: 2 })),
      untilGone(WORK),
      untilAll('pods', (all) => all.length === 0),
    ],
  },
  {
    name: 'is left to somebody else',
    steps: [make(job('work', 'exit 0', { managedBy: 'example.com/other' })), settled],
  },
  {
    name: 'makes another Pod only when one has failed',
    steps: [
      make(job('work', 'sleep 1000', { podReplacementPolicy: 'Failed' }, { terminationGracePeriodSeconds: 3 })),
      until(WORK, counts('ready', 1)),
      { evict: 'job-name=work' },
      until(WORK, (one) => Number(at(one, 'status.failed') ?? 0) >= 1),
      settled,
    ],
  },
  {
    name: 'deleted in the middle',
    steps: [
      make(job('work', 'sleep 1000')),
      until(WORK, counts('ready', 1)),
      remove(WORK, 'Background'),
      untilGone(WORK),
      untilAll('pods', (all) => all.length === 0),
    ],
  },
];

const EVERY_MINUTE = '* * * * *';
const cron = (spec: Json, script = 'exit 0'): Json => {
  const { spec: jobSpec } = job('work', script);
  return object('CronJob', 'batch/v1', 'tick', {
    spec: { schedule: EVERY_MINUTE, jobTemplate: { spec: jobSpec }, ...spec },
  });
};
const TICK = 'cronjobs.batch/tick';
const started = (count: number) => untilAll('jobs.batch', (all) => all.length >= count);

const cronJobsOf: readonly Omit<Scenario, 'field'>[] = [
  {
    name: 'runs by the minute, and keeps only the last',
    steps: [
      make(cron({ successfulJobsHistoryLimit: 1 })),
      until(TICK, (one) => at(one, 'status.lastSuccessfulTime') !== undefined),
      patch(TICK, { spec: { suspend: true } }),
      settled,
    ],
  },
  {
    name: 'does not run beside one that runs still',
    steps: [make(cron({ concurrencyPolicy: 'Forbid' }, 'sleep 1000')), started(1), { seconds: 62 }],
  },
  {
    name: 'runs in place of one that runs still',
    steps: [
      make(cron({ concurrencyPolicy: 'Replace' }, 'sleep 1000')),
      started(1),
      untilAll('events', (all) => all.some(({ reason }) => reason === 'SuccessfulDelete')),
      patch(TICK, { spec: { suspend: true } }),
      settled,
    ],
  },
  { name: 'suspended', steps: [make(cron({ suspend: true })), { seconds: 62 }] },
  {
    name: 'by the clock of another place',
    steps: [
      make(cron({ timeZone: 'Asia/Kathmandu' })),
      until(TICK, (one) => at(one, 'status.lastSuccessfulTime') !== undefined),
      patch(TICK, { spec: { suspend: true } }),
      settled,
    ],
  },
];

export const jobs: readonly Scenario[] = jobsOf.map((one) => ({ field: 'Job', ...one }));
export const cronJobs: readonly Scenario[] = cronJobsOf.map((one) => ({ field: 'CronJob', ...one }));
