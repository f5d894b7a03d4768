import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolume, persistentVolumeClaim } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { claimProtectionController } from '../volume-protection/claim-protection.controller.js';
import { claimBinderController } from './claim-binder.controller.js';
import { volumeBinderController } from './volume-binder.controller.js';

let bench: LoopBench;
let claims: Objects<PersistentVolumeClaim>;
let volumes: Objects<PersistentVolume>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [
    volumeBinderController(ctx, deps),
    claimBinderController(ctx, deps),
    claimProtectionController(deps),
  ]);
  claims = bench.objects(refs.persistentvolumeclaims);
  volumes = bench.objects(refs.persistentvolumes);
});

const volume = (spec: object = {}) => volumes.create(persistentVolume({ spec }));
const statusOf = async () => (await volumes.get('disk')).status;

async function released(persistentVolumeReclaimPolicy: string): Promise<void> {
  await volume({ persistentVolumeReclaimPolicy });
  await claims.create(persistentVolumeClaim());
  await bench.drain();
  expect((await statusOf())?.phase).toBe('Bound');
  await claims.delete('data');
  await bench.drain();
}

test('a new volume is free, and says since when', async () => {
  await volume();
  await bench.drain();
  expect(await statusOf()).toMatchObject({ phase: 'Available', lastPhaseTransitionTime: '2026-01-01T00:00:00Z' });
});

test('one that is kept is released when its claim is gone, and no other claim gets it', async () => {
  await released('Retain');
  expect((await statusOf())?.phase).toBe('Released');
  await claims.create(persistentVolumeClaim());
  await bench.drain();
  expect((await claims.get('data')).status?.phase).toBe('Pending');
  // Its administrator gives it free.
  await volumes.change('disk', { spec: { claimRef: null } });
  await bench.drain();
  expect((await claims.get('data')).status?.phase).toBe('Bound');
});

test.each([
  ['Delete', 'VolumeFailedDelete'],
  ['Recycle', 'VolumeFailedRecycle'],
])('one whose policy %s nobody can carry out has failed', async (policy, reason) => {
  await released(policy);
  expect((await statusOf())?.phase).toBe('Failed');
  expect((await bench.events()).at(-1)).toContain(`PersistentVolume/disk ${reason}`);
});

test('is not given up because a copy of the claims lags behind', async () => {
  await volume();
  await claims.create(persistentVolumeClaim());
  await bench.drain();
  await bench.restart();
  bench.api.hold(/\/persistentvolumeclaims\?.*watch=true/);
  await volumes.change('disk', { metadata: { labels: { a: 'b' } } });
  await bench.drain();
  expect((await statusOf())?.phase).toBe('Bound');
});
