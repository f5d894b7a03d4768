import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { formatTime } from '@binnacle/machinery-context';
import { job } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { ttlAfterFinishedController } from './ttl-after-finished.controller.js';

let bench: LoopBench;
let jobs: Objects<Job>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [ttlAfterFinishedController(deps)]);
  jobs = bench.objects(refs.jobs);
});

async function finished(ttlSecondsAfterFinished: number | undefined): Promise<void> {
  await jobs.create(job({ spec: { ttlSecondsAfterFinished } as never }));
  const time = formatTime(bench.now);
  const conditions = ['FailureTarget', 'Failed'].map((type) => ({ type, status: 'True', lastTransitionTime: time }));
  await jobs.change('work', { status: { startTime: time, conditions } }, 'status');
}
/** Foreground deletion leaves it to the garbage collector, which is not here. */
const isGoing = async () => (await jobs.find('work'))?.metadata.deletionTimestamp !== undefined;

test('a Job goes its time after it finished, and not before', async () => {
  await finished(60);
  const past = bench.now % 1000;
  await bench.advance(60_000 - past - 1);
  expect(await isGoing()).toBe(false);
  await bench.advance(1);
  expect(await isGoing()).toBe(true);
  expect((await jobs.get('work')).metadata.finalizers).toContain('foregroundDeletion');
});

test('a time said afterwards holds', async () => {
  await finished(undefined);
  await bench.advance(100_000);
  expect(await isGoing()).toBe(false);
  await jobs.change('work', { spec: { ttlSecondsAfterFinished: 100 } });
  await bench.drain();
  expect(await isGoing()).toBe(true);
});

test('what the server says counts, not what was heard last', async () => {
  await finished(10);
  await bench.drain();
  bench.api.hold(/\/jobs\?.*watch=true/);
  await jobs.change('work', { spec: { ttlSecondsAfterFinished: 100 } });
  await bench.advance(50_000);
  expect(await isGoing()).toBe(false);
  await bench.advance(50_000);
  expect(await isGoing()).toBe(true);
});
