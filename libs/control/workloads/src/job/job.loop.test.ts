import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { JOB_COMPLETION_INDEX, JOB_TRACKING_FINALIZER } from '@binnacle/apis-kubernetes/well-known';
import { formatTime } from '@binnacle/machinery-context';
import { job, type Overrides, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { jobController } from './job.controller.js';

let bench: LoopBench;
let jobs: Objects<Job>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [jobController(ctx, deps)]);
  jobs = bench.objects(refs.jobs);
  pods = bench.objects(refs.pods);
});

const make = (spec: Overrides<NonNullable<Job['spec']>> = {}) => jobs.create(job({ spec: spec as never }));
const status = async () => (await jobs.get('work')).status;
const conditions = async () => ((await status())?.conditions ?? []).map(({ type, status: is }) => `${type}=${is}`);
const live = async () => (await pods.list()).filter(({ metadata }) => !metadata.deletionTimestamp);
const running = async () => (await live()).filter(({ status: is }) => is?.phase === 'Running');
const isDone = ({ status: is }: Pod) => is?.phase === 'Succeeded' || is?.phase === 'Failed';
const index = ({ metadata }: Pod) => Number(metadata.annotations?.[JOB_COMPLETION_INDEX]);

/** Lets what runs end with a code, at this moment. */
async function exit(exitCode: number, chosen: (pod: Pod) => boolean = () => true): Promise<void> {
  const finishedAt = formatTime(bench.now);
  for (const { metadata, status: is } of (await running()).filter(chosen)) {
    const containerStatuses = [
      {
        name: 'main',
        image: 'i',
        imageID: 'i',
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode, finishedAt } },
      },
    ];
    const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
    const ready = [{ type: 'Ready', status: 'False', lastTransitionTime: finishedAt }];
    await pods.change(
      String(metadata.name),
      { status: { ...is, phase, containerStatuses, conditions: ready } },
      'status',
    );
  }
}

/** One round: Pods are made and run. */
async function round(): Promise<void> {
  await bench.advance(100);
  await bench.kubelet.run();
  await bench.advance(100);
}

test('runs its Pods some at a time, counts each end once, and completes', async () => {
  await make({ completions: 3, parallelism: 2 });
  await round();
  expect(await status()).toMatchObject({ active: 2, ready: 2, terminating: 0, uncountedTerminatedPods: {} });
  await exit(0);
  await round();
  expect(await status()).toMatchObject({ active: 1, ready: 1, succeeded: 2 });
  await exit(0);
  await bench.advance(100);
  expect(await status()).toMatchObject({ succeeded: 3, ready: 0, uncountedTerminatedPods: {} });
  expect((await status())?.completionTime).toBeDefined();
  expect(await conditions()).toEqual(['SuccessCriteriaMet=True', 'Complete=True']);
  const left = await pods.list();
  expect(left.map(({ metadata }) => metadata.finalizers ?? [])).toEqual([[], [], []]);
  expect((await bench.events()).at(-1)).toBe('Job/work Completed: Job completed');
});

test('counts on where it stopped, whatever was lost on the way', async () => {
  await make({ completions: 2, parallelism: 2 });
  await round();
  await exit(0);
  bench.api.befall(({ method, path }) =>
    method === 'PATCH' && /\/pods\//.test(path) ? new Error('the connection broke') : undefined,
  );
  await bench.advance(100);
  expect((await status())?.uncountedTerminatedPods?.succeeded).toHaveLength(2);
  expect((await status())?.succeeded).toBeUndefined();
  bench.api.befall(() => undefined);
  await bench.restart();
  await bench.advance(2_000);
  expect(await status()).toMatchObject({ succeeded: 2, uncountedTerminatedPods: {} });
  expect(await conditions()).toContain('Complete=True');
});

test('counts a Pod that somebody deletes before its end was seen', async () => {
  await make();
  await round();
  await exit(0);
  await pods.delete(String((await live())[0]?.metadata.name), { gracePeriodSeconds: 0 });
  await bench.advance(100);
  expect(await status()).toMatchObject({ succeeded: 1 });
  expect(await pods.list()).toEqual([]);
});

test('makes no Pod twice, though its cache has not heard of the first', async () => {
  await make({ completions: 2, parallelism: 2 });
  bench.api.hold(/\/pods\?.*watch=true/);
  const turn = bench.turn();
  await bench.api.activity.settled();
  expect(await pods.list()).toHaveLength(2);
  await jobs.change('work', { metadata: { labels: { looked: 'again' } } });
  bench.api.hold(undefined);
  await turn;
  await bench.advance(1_000);
  expect(await pods.list()).toHaveLength(2);
});

describe('failures', () => {
  test('are tried again after a while that doubles, until there were too many', async () => {
    await make({ backoffLimit: 1 });
    await round();
    await exit(1);
    await bench.advance(9_000);
    expect(await status()).toMatchObject({ failed: 1 });
    expect((await live()).filter((each) => !isDone(each))).toEqual([]);
    await bench.advance(1_000);
    await round();
    await exit(1);
    await bench.advance(100);
    expect(await status()).toMatchObject({ failed: 2 });
    expect(await conditions()).toEqual(['FailureTarget=True', 'Failed=True']);
    expect((await bench.events()).at(-1)).toBe(
      'Job/work BackoffLimitExceeded: Job has reached the specified backoff limit',
    );
  });

  test('end what still runs, and the Job fails when that has gone', async () => {
    await make({ completions: 2, parallelism: 2, backoffLimit: 0 });
    await round();
    const [first] = await running();
    await exit(1, ({ metadata }) => metadata.name === first?.metadata.name);
    await bench.advance(100);
    expect(await conditions()).toEqual(['FailureTarget=True']);
    expect(await status()).toMatchObject({ terminating: 1 });
    await bench.kubelet.stop();
    await bench.advance(100);
    expect(await conditions()).toEqual(['FailureTarget=True', 'Failed=True']);
    expect(await status()).toMatchObject({ failed: 2, terminating: 0 });
  });

  test('mean what the policy says: nothing, the end of an index, the end of the Job', async () => {
    const on = (action: string, value: number) => ({ action, onExitCodes: { operator: 'In', values: [value] } });
    const rules = [on('Ignore', 1), on('FailIndex', 2), on('FailJob', 3)];
    await make({
      completionMode: 'Indexed',
      completions: 3,
      parallelism: 3,
      backoffLimitPerIndex: 5,
      backoffLimit: 2 ** 31 - 1,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: { rules },
    });
    await round();
    await exit(1, (each) => index(each) === 0);
    await exit(2, (each) => index(each) === 1);
    await bench.advance(11_000);
    await round();
    expect(await status()).toMatchObject({ failed: 1, failedIndexes: '1', active: 2 });
    const again = (await running()).find((each) => index(each) === 0);
    expect(again?.metadata.annotations).toMatchObject({
      'batch.kubernetes.io/job-index-failure-count': '0',
      'batch.kubernetes.io/job-index-ignored-failure-count': '1',
    });
    await exit(3, (each) => index(each) === 2);
    await bench.advance(100);
    await bench.kubelet.stop();
    await bench.advance(100);
    const { conditions: list = [] } = (await status()) ?? {};
    expect(list.at(-1)).toMatchObject({ type: 'Failed', reason: 'PodFailurePolicy' });
    expect(list.at(-1)?.message).toMatch(/failed with exit code 3 matching FailJob rule at index 2$/);
  });

  test('of each index are counted by themselves; the Job goes on, and fails when all have ended', async () => {
    await make({
      completionMode: 'Indexed',
      completions: 3,
      parallelism: 3,
      backoffLimitPerIndex: 1,
      backoffLimit: 2 ** 31 - 1,
    });
    await round();
    await exit(1, (each) => index(each) === 1);
    await bench.advance(11_000);
    await round();
    expect(await status()).toMatchObject({ active: 3, failedIndexes: '' });
    await exit(1, (each) => index(each) === 1);
    await exit(0, (each) => index(each) !== 1);
    await bench.advance(100);
    expect(await status()).toMatchObject({ completedIndexes: '0,2', failedIndexes: '1', failed: 2, succeeded: 2 });
    expect(await conditions()).toEqual(['FailureTarget=True', 'Failed=True']);
  });
});

describe('an indexed Job', () => {
  test('works at each index once, and tries one again that was lost', async () => {
    await make({ completionMode: 'Indexed', completions: 4, parallelism: 4 });
    await round();
    expect((await running()).map(index).sort()).toEqual([0, 1, 2, 3]);
    await exit(0, (each) => index(each) < 2);
    const third = (await running()).find((each) => index(each) === 2);
    await pods.delete(String(third?.metadata.name), { gracePeriodSeconds: 0 });
    await bench.advance(11_000);
    await round();
    expect((await running()).map(index).sort()).toEqual([2, 3]);
    expect(await status()).toMatchObject({ completedIndexes: '0,1', succeeded: 2, failed: 1 });
  });

  test('is done when its policy says so, and the rest goes', async () => {
    const successPolicy = { rules: [{ succeededIndexes: '0' }] };
    await make({ completionMode: 'Indexed', completions: 3, parallelism: 3, successPolicy });
    await round();
    await exit(0, (each) => index(each) === 0);
    await bench.advance(100);
    expect(await conditions()).toEqual(['SuccessCriteriaMet=True']);
    await bench.kubelet.stop();
    await bench.advance(100);
    const { conditions: list = [], ...rest } = (await status()) ?? {};
    expect(list.at(-1)).toMatchObject({
      type: 'Complete',
      reason: 'SuccessPolicy',
      message: 'Matched rules at index 0',
    });
    expect(rest).toMatchObject({ succeeded: 1, completedIndexes: '0' });
    expect(rest.failed).toBeUndefined();
  });

  test('can be made larger and smaller', async () => {
    await make({ completionMode: 'Indexed', completions: 2, parallelism: 2 });
    await round();
    await jobs.change('work', { spec: { completions: 4, parallelism: 4 } });
    await round();
    expect((await running()).map(index).sort()).toEqual([0, 1, 2, 3]);
    await jobs.change('work', { spec: { completions: 1, parallelism: 1 } });
    await bench.advance(100);
    expect((await live()).map(index)).toEqual([0]);
  });
});

describe('suspension', () => {
  test('takes the Pods away uncounted, and time starts anew when it ends', async () => {
    await make({ activeDeadlineSeconds: 60 });
    await round();
    await jobs.change('work', { spec: { suspend: true } });
    await bench.advance(100);
    expect(await conditions()).toEqual(['Suspended=True']);
    expect((await status())?.startTime).toBeUndefined();
    await bench.kubelet.stop();
    await bench.advance(100_000);
    expect(await status()).not.toHaveProperty('failed');
    await jobs.change('work', { spec: { suspend: false } });
    await round();
    expect(await conditions()).toEqual(['Suspended=False']);
    expect(await status()).toMatchObject({ active: 1, ready: 1 });
    const told = (await bench.events()).filter((event) => /Suspended|Resumed/.test(event));
    expect(told).toEqual(['Job/work Suspended: Job suspended', 'Job/work Resumed: Job resumed']);
  });

  test('from the first makes nothing', async () => {
    await make({ suspend: true });
    await bench.advance(1_000);
    expect(await pods.list()).toEqual([]);
    expect(await conditions()).toEqual(['Suspended=True']);
  });
});

test('has a deadline, to the second', async () => {
  await make({ activeDeadlineSeconds: 60 });
  await round();
  const begun = Date.parse(String((await status())?.startTime));
  await bench.advance(begun + 59_999 - bench.now);
  expect(await conditions()).toEqual([]);
  await bench.advance(1);
  expect(await conditions()).toEqual(['FailureTarget=True']);
  await bench.kubelet.stop();
  await bench.advance(100);
  expect((await bench.events()).at(-1)).toBe(
    'Job/work DeadlineExceeded: Job was active longer than specified deadline',
  );
});

describe('Pods on their way out', () => {
  test.each([
    ['are replaced at once', 'TerminatingOrFailed', 1],
    ['are waited for', 'Failed', 0],
  ])('%s where it says %s', async (_, podReplacementPolicy, others) => {
    await make({ podReplacementPolicy });
    await round();
    await pods.delete(String((await live())[0]?.metadata.name));
    await bench.advance(11_000);
    expect(await live()).toHaveLength(others);
    expect(await status()).toMatchObject({ terminating: 1 });
  });
});

describe('Pods of nobody', () => {
  test('that match are taken in, and counted', async () => {
    await pods.create(pod({ metadata: { name: 'stray', labels: { app: 'web' } } }));
    await make();
    await bench.advance(100);
    expect((await pods.get('stray')).metadata).toMatchObject({
      ownerReferences: [{ kind: 'Job', name: 'work' }],
      finalizers: [JOB_TRACKING_FINALIZER],
    });
    await round();
    await exit(0);
    await bench.advance(100);
    expect(await conditions()).toContain('Complete=True');
  });

  test('are let go with their finalizer when they match no more', async () => {
    await make();
    await round();
    const name = String((await live())[0]?.metadata.name);
    await pods.change(name, { metadata: { labels: { app: 'another' } } });
    await bench.advance(100);
    const { ownerReferences = [], finalizers = [] } = (await pods.get(name)).metadata;
    expect([ownerReferences, finalizers]).toEqual([[], []]);
  });
});

test('is left alone where somebody else manages it', async () => {
  await make({ managedBy: 'example.com/queue' });
  await bench.advance(10_000);
  expect(await pods.list()).toEqual([]);
  expect((await status())?.startTime).toBeUndefined();
});

test('on its way out makes nothing, and lets go of what ended', async () => {
  await make();
  await round();
  await jobs.delete('work', { propagationPolicy: 'Foreground' });
  await exit(1);
  await bench.advance(20_000);
  expect((await pods.list()).map(({ metadata }) => metadata.finalizers ?? [])).toEqual([[]]);
});
