import type { CronJob, Job } from '@binnacle/apis-kubernetes/batch/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { formatTime } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';
import { cronJob, type Overrides } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { cronJobController } from './cron-job.controller.js';

const MINUTE = 60_000;
let bench: LoopBench;
let crons: Objects<CronJob>;
let jobs: Objects<Job>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [cronJobController(ctx, deps)]);
  crons = bench.objects(refs.cronjobs);
  jobs = bench.objects(refs.jobs);
  await bench.advance(MINUTE - (bench.now % MINUTE));
});

const make = (spec: Overrides<CronJob['spec']> = {}) => crons.create(cronJob({ spec: spec as never }));
const names = async () => (await jobs.list()).map(({ metadata }) => metadata.name);
const status = async () => (await crons.get('nightly')).status;
const active = async () => ((await status())?.active ?? []).map(({ name }) => name);
const minute = () => Math.floor(bench.now / MINUTE);
const told = async (reason: string) => (await bench.events()).filter((event) => event.split(' ')[1] === `${reason}:`);

async function end(name: string, type: 'Complete' | 'Failed' = 'Complete'): Promise<void> {
  const time = formatTime(bench.now);
  const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const conditions = [first, type].map((each) => ({ type: each, status: 'True', lastTransitionTime: time }));
  const completed = type === 'Complete' && { completionTime: time };
  await jobs.change(name, { status: { startTime: time, conditions, ...completed } }, 'status');
}

test('makes a Job each time, of the minute, and forgets nothing over a restart', async () => {
  await make();
  const first = minute() + 1;
  await bench.advance(MINUTE);
  expect(await names()).toEqual([`nightly-${first}`]);
  expect(await status()).toMatchObject({ lastScheduleTime: formatTime(first * MINUTE), active: [{ kind: 'Job' }] });
  await bench.restart();
  await bench.advance(MINUTE - 1);
  expect(await names()).toHaveLength(1);
  await bench.advance(1);
  expect(await active()).toEqual([`nightly-${first}`, `nightly-${first + 1}`]);
  expect(await told('SuccessfulCreate')).toEqual([
    `CronJob/nightly SuccessfulCreate: Created job nightly-${first}`,
    `CronJob/nightly SuccessfulCreate: Created job nightly-${first + 1}`,
  ]);
});

test('keeps as many finished Jobs as it says, and tells when the last succeeded', async () => {
  await make({ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1 });
  const first = minute() + 1;
  for (const type of ['Complete', 'Failed', 'Complete', 'Failed'] as const) {
    await bench.advance(MINUTE);
    await end(`nightly-${minute()}`, type);
    await bench.drain();
  }
  expect(await names()).toEqual([`nightly-${first + 2}`, `nightly-${first + 3}`]);
  expect(await active()).toEqual([]);
  expect((await status())?.lastSuccessfulTime).toBe(formatTime((first + 2) * MINUTE));
  expect((await told('SawCompletedJob'))[1]).toBe(
    `CronJob/nightly SawCompletedJob: Saw completed job: nightly-${first + 1}, condition: Failed`,
  );
  expect(await told('SuccessfulDelete')).toHaveLength(2);
});

describe('while another Job runs', () => {
  test.each([
    ['Allow', 2],
    ['Forbid', 1],
    ['Replace', 1],
  ])('%s', async (concurrencyPolicy, count) => {
    await make({ concurrencyPolicy });
    const first = minute() + 1;
    await bench.advance(2 * MINUTE);
    expect(await names()).toHaveLength(count);
    expect((await names()).at(-1)).toBe(`nightly-${concurrencyPolicy === 'Forbid' ? first : first + 1}`);
    expect((await told('JobAlreadyActive')).length).toBe(concurrencyPolicy === 'Forbid' ? 1 : 0);
  });

  test('Forbid makes it up when that has ended', async () => {
    await make({ concurrencyPolicy: 'Forbid' });
    await bench.advance(2 * MINUTE + 30_000);
    await end(String((await names())[0]));
    await bench.advance(100);
    expect(await names()).toContain(`nightly-${minute()}`);
  });
});

describe('what was missed', () => {
  test('is made up once, with the last time', async () => {
    await make();
    await bench.stop();
    await bench.advance(10 * MINUTE);
    await bench.restart();
    await bench.drain();
    expect(await names()).toEqual([`nightly-${minute()}`]);
    expect(await told('TooManyMissedTimes')).toEqual([]);
  });

  test('is told of where it was very much', async () => {
    await make();
    await bench.stop();
    await bench.advance(150 * MINUTE);
    await bench.restart();
    await bench.drain();
    expect(await names()).toEqual([`nightly-${minute()}`]);
    expect(await told('TooManyMissedTimes')).toHaveLength(1);
  });

  test('for longer than the deadline is not made up', async () => {
    await make({ schedule: '0 * * * *', startingDeadlineSeconds: 30 });
    await bench.stop();
    await bench.advance(61 * MINUTE + (60 - (minute() % 60)) * MINUTE);
    await bench.restart();
    await bench.drain();
    expect(await names()).toEqual([]);
  });
});

test('makes nothing while it is suspended, and the last one afterwards', async () => {
  await make({ suspend: true });
  await bench.advance(3 * MINUTE);
  expect(await names()).toEqual([]);
  await crons.change('nightly', { spec: { suspend: false } });
  await bench.drain();
  expect(await names()).toEqual([`nightly-${minute()}`]);
});

test('goes by the clocks of its zone', async () => {
  await make({ schedule: '30 9 * * *', timeZone: 'Asia/Kolkata' });
  const four = 4 * 60;
  await bench.advance(((four + 1440 - (minute() % 1440)) % 1440) * MINUTE - 1);
  expect(await names()).toEqual([]);
  await bench.advance(1);
  const [made] = await jobs.list();
  expect(made?.metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp']).toMatch(/T09:30:00\+05:30$/);
});

test('a new schedule counts from when it is said', async () => {
  await make({ schedule: '0 0 1 1 *' });
  await bench.advance(10 * MINUTE);
  await crons.change('nightly', { spec: { schedule: '*/2 * * * *' } });
  await bench.drain();
  expect(await names()).toEqual([]);
  await bench.advance(2 * MINUTE);
  expect(await names()).toEqual([`nightly-${Math.floor(minute() / 2) * 2}`]);
});

test('does not make a Job twice whose answer was lost, and takes it for its own', async () => {
  await make();
  bench.api.loseAnswers(({ method, path }) => method === 'POST' && path.endsWith('/jobs'));
  await bench.advance(MINUTE);
  bench.api.loseAnswers(undefined);
  await bench.advance(1_000);
  expect(await names()).toHaveLength(1);
  expect(await active()).toEqual(await names());
});

test('tells why it cannot make one, and tries again', async () => {
  await make();
  bench.api.befall(({ method, path }) =>
    method === 'POST' && path.endsWith('/jobs') ? new StatusError(403, 'Forbidden', 'jobs are forbidden') : undefined,
  );
  await bench.advance(MINUTE);
  expect((await told('FailedCreate'))[0]).toBe('CronJob/nightly FailedCreate: Error creating job: jobs are forbidden');
  bench.api.befall(() => undefined);
  await bench.advance(1_000);
  expect(await names()).toHaveLength(1);
});

test('misses a Job that somebody took away', async () => {
  await make();
  await bench.advance(MINUTE);
  const [gone = ''] = (await names()).map(String);
  await jobs.delete(gone, { propagationPolicy: 'Background' });
  await bench.drain();
  expect(await active()).toEqual([]);
  expect(await told('MissingJob')).toEqual([`CronJob/nightly MissingJob: Active job went missing: ${gone}`]);
});

test('says that it does not know a Job made by hand', async () => {
  const cron = await make();
  const { name = '', uid = '' } = cron.metadata;
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }];
  await jobs.create({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'by-hand', ownerReferences },
    spec: cron.spec.jobTemplate.spec,
  } as Job);
  await bench.drain();
  expect((await told('UnexpectedJob'))[0]).toMatch(/did not create or forgot: by-hand$/);
  expect(await active()).toEqual([]);
});
