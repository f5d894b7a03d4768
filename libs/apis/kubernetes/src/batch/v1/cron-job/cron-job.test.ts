import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { CronJob, CronJobSpec, JobSpec } from '../index.js';
import { cronJobs } from './definition.js';
import { printer } from './printer.js';

const jobSpec: JobSpec = {
  template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } },
};
const draft = (overrides: Partial<CronJobSpec> = {}, name = 'backup'): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name, namespace: 'ns' },
  spec: { schedule: '0 3 * * *', jobTemplate: { spec: jobSpec }, ...overrides },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const faults = (overrides: Partial<CronJobSpec>, name?: string): string[] =>
  texts(rehearseCreate(cronJobs, draft(overrides, name)).errors);

describe('a new CronJob', () => {
  it('lets its Jobs overlap and keeps three that succeeded and one that failed', () => {
    const { object, errors } = rehearseCreate(cronJobs, draft());
    expect(errors).toEqual([]);
    expect(object).toMatchObject({
      metadata: { generation: 1 },
      spec: { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
      status: {},
    });
    // What a Job gets when it is made is not written into its template.
    expect(object.spec.jobTemplate.spec).not.toHaveProperty('completions');
    expect(object.spec.jobTemplate.spec?.template.spec).toMatchObject({ dnsPolicy: 'ClusterFirst' });
  });

  it.each<[reason: string, spec: object, expected: string[]]>([
    ['has a schedule', { schedule: '' }, ['spec.schedule: Required value']],
    [
      'that can be read',
      { schedule: '* * *' },
      ['spec.schedule: Invalid value: "* * *": expected exactly 5 fields, found 3: [* * *]'],
    ],
    ['may be of another zone', { timeZone: 'Europe/Berlin' }, []],
    [
      'which is not said in the schedule',
      { schedule: 'TZ=UTC 0 * * * *' },
      [
        'spec.schedule: Invalid value: "TZ=UTC 0 * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    ],
    ['has some zone', { timeZone: '' }, ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string']],
    [
      'has one that there is',
      { timeZone: 'Atlantis/Capital' },
      ['spec.timeZone: Invalid value: "Atlantis/Capital": unknown time zone Atlantis/Capital'],
    ],
    [
      'has the same one everywhere',
      { timeZone: 'Local' },
      [
        'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ],
    ],
    [
      'treats those still running in a known way',
      { concurrencyPolicy: 'Queue' },
      ['spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"'],
    ],
    [
      'counts nothing below nothing',
      { startingDeadlineSeconds: -1, successfulJobsHistoryLimit: -2, failedJobsHistoryLimit: -3 },
      [
        'spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0',
        'spec.successfulJobsHistoryLimit: Invalid value: -2: must be greater than or equal to 0',
        'spec.failedJobsHistoryLimit: Invalid value: -3: must be greater than or equal to 0',
      ],
    ],
    [
      'has Jobs as they must be',
      { jobTemplate: { spec: { ...jobSpec, parallelism: -1 } } },
      ['spec.jobTemplate.spec.parallelism: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'has Jobs with selectors of their own',
      { jobTemplate: { spec: { ...jobSpec, manualSelector: true, selector: { matchLabels: { a: 'b' } } } } },
      [
        'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated',
        'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
      ],
    ],
  ])('%s', (_reason, overrides, expected) => {
    expect(faults(overrides)).toEqual(expected);
  });

  it('has a name with room for the time of each Job', () => {
    expect(faults({}, 'x'.repeat(53))).toEqual([
      `metadata.name: Invalid value: "${'x'.repeat(53)}": must be no more than 52 characters`,
    ]);
    expect(faults({}, 'x'.repeat(52))).toEqual([]);
  });
});

describe('an update of a CronJob', () => {
  const { object: stored } = rehearseCreate(cronJobs, draft());
  const zoned = { ...stored, spec: { ...stored.spec, schedule: 'CRON_TZ=UTC 0 * * * *' } };
  const update = (next: Partial<CronJobSpec>, old: CronJob = stored) =>
    rehearseUpdate(cronJobs, { ...old, spec: { ...old.spec, ...next } }, old);

  it('may change all, and is a new generation', () => {
    const { object, errors } = update({ schedule: '@daily', suspend: true });
    expect(errors).toEqual([]);
    expect(object.metadata.generation).toBe(2);
  });

  it('keeps a zone in the schedule that was there, but not beside another', () => {
    expect(texts(update({ suspend: true }, zoned).errors)).toEqual([]);
    expect(texts(update({ timeZone: 'UTC' }, zoned).errors)).toEqual([
      'spec.schedule: Invalid value: "CRON_TZ=UTC 0 * * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule',
    ]);
    expect(cronJobs.strategy.warnings?.(zoned as never, zoned as never)).toEqual([
      expect.stringContaining('cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead'),
    ]);
  });

  it('is held by who says of which domain it is', () => {
    const next = { ...stored, metadata: { ...stored.metadata, finalizers: ['mine'] } };
    expect(rehearseUpdate(cronJobs, next, stored).errors.map(({ field }) => field)).toEqual(['metadata.finalizers[0]']);
  });

  it('keeps a zone that is no longer one', () => {
    const old = { ...stored, spec: { ...stored.spec, timeZone: 'Gone/Zone' } };
    expect(texts(update({ suspend: true }, old).errors)).toEqual([]);
  });

  it('writes the spec or the status', () => {
    const status = { lastScheduleTime: '2026-01-01T00:00:00Z' };
    expect(rehearseUpdate(cronJobs, { ...stored, status }, stored).object.status).toEqual({});
    expect(rehearseStatusUpdate(cronJobs, draft(), stored).object.status).toEqual({});
    const next: CronJob = { ...draft({ schedule: '@hourly' }), status };
    expect(rehearseStatusUpdate(cronJobs, next, stored).object).toMatchObject({ spec: stored.spec, status });
  });
});

describe('a CronJob', () => {
  it('warns of names that are no labels and of what its Jobs would', () => {
    const template = { spec: { ...jobSpec.template.spec, terminationGracePeriodSeconds: -1 } };
    const spec = { jobTemplate: { spec: { ...jobSpec, template } } };
    expect(cronJobs.strategy.warnings?.(draft(spec as never, 'a.b') as never)).toEqual([
      expect.stringContaining('metadata.name: this is used in Pod names and hostnames'),
      expect.stringContaining('spec.jobTemplate.spec.template.spec.terminationGracePeriodSeconds'),
    ]);
  });

  it('is printed with its schedule', () => {
    const now = Date.parse('2026-01-01T00:10:00Z');
    const cells = (job: CronJob) => printer.row(job, now).slice(1, 6);
    expect(cells(draft())).toEqual(['0 3 * * *', '<none>', '<unset>', 0, '<none>']);
    expect(
      cells({
        ...draft({ timeZone: 'UTC', suspend: true }),
        status: { active: [{ name: 'a' }], lastScheduleTime: '2026-01-01T00:00:00Z' },
      }),
    ).toEqual(['0 3 * * *', 'UTC', 'True', 1, '10m']);
  });
});
