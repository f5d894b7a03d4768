import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { JOB_TRACKING_FINALIZER } from '@binnacle/apis-kubernetes/well-known';
import { job, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { orphanPodsController } from './orphan-pods.controller.js';

let bench: LoopBench;
let jobs: Objects<Job>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [orphanPodsController(deps)]);
  jobs = bench.objects(refs.jobs);
  pods = bench.objects(refs.pods);
});

async function tracked(owner?: Job): Promise<void> {
  const { name = '', uid = '' } = owner?.metadata ?? {};
  const ownerReferences = owner && [{ apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true }];
  const finalizers = [JOB_TRACKING_FINALIZER];
  await pods.create(pod({ metadata: { name: 'p', finalizers, ...(ownerReferences && { ownerReferences }) } }));
}
const isHeld = async () => ((await pods.get('p')).metadata.finalizers ?? []).length > 0;

test('a Pod whose Job is no more is let go', async () => {
  const made = await jobs.create(job());
  await tracked(made);
  await bench.drain();
  expect(await isHeld()).toBe(true);
  await jobs.delete('work', { propagationPolicy: 'Background' });
  await bench.drain();
  expect(await isHeld()).toBe(false);
});

test('one that never had a Job is let go, also one found at the start', async () => {
  await bench.stop();
  await tracked();
  await bench.restart();
  await bench.drain();
  expect(await isHeld()).toBe(false);
});

test('one of a Job of the same name is not of this Job', async () => {
  const made = await jobs.create(job());
  await tracked({ ...made, metadata: { ...made.metadata, uid: 'another' } });
  await bench.drain();
  expect(await isHeld()).toBe(false);
});

test.each([
  ['is let go', undefined, false],
  ['stays where another manages it', 'example.com/queue', true],
])('one of a Job that has finished %s', async (_, managedBy, held) => {
  const made = await jobs.create(job({ spec: { managedBy, backoffLimit: 0 } as never }));
  await tracked(made);
  await bench.drain();
  expect(await isHeld()).toBe(true);
  const startTime = '2026-01-01T00:00:00Z';
  const conditions = ['FailureTarget', 'Failed'].map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: startTime,
  }));
  await jobs.change('work', { status: { startTime, conditions } }, 'status');
  await bench.drain();
  expect(await isHeld()).toBe(held);
});
