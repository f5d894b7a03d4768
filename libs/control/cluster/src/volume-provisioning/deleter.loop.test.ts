import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolumeClaim, storageClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { claimBinderController } from '../persistent-volumes/claim-binder.controller.js';
import { volumeBinderController } from '../persistent-volumes/volume-binder.controller.js';
import { claimProtectionController } from '../volume-protection/claim-protection.controller.js';
import { volumeProtectionController } from '../volume-protection/volume-protection.controller.js';
import { deleterController } from './deleter.controller.js';
import { provisionerController } from './provisioner.controller.js';
import { SIMULATED_PROVISIONER } from './provisioners.js';

let bench: LoopBench;
let claims: Objects<PersistentVolumeClaim>;
let volumes: Objects<PersistentVolume>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [
    claimBinderController(ctx, deps),
    volumeBinderController(ctx, deps),
    provisionerController(ctx, deps),
    deleterController(deps),
    volumeProtectionController(deps),
    claimProtectionController(deps),
  ]);
  claims = bench.objects(refs.persistentvolumeclaims);
  volumes = bench.objects(refs.persistentvolumes);
});

async function bound(reclaimPolicy: string): Promise<void> {
  const classes = bench.objects<StorageClass>(refs.storageclasses);
  await classes.create(storageClass({ provisioner: SIMULATED_PROVISIONER, reclaimPolicy }));
  await claims.create(persistentVolumeClaim({ spec: { storageClassName: 'fast' } }));
  await bench.drain();
  expect((await volumes.list()).map(({ status }) => status?.phase)).toEqual(['Bound']);
}

test('a volume goes with its claim', async () => {
  await bound('Delete');
  await claims.delete('data');
  await bench.advance(5_000);
  expect(await volumes.list()).toEqual([]);
});

test('unless it is to be kept', async () => {
  await bound('Retain');
  await claims.delete('data');
  await bench.advance(5_000);
  expect((await volumes.list()).map(({ status }) => status?.phase)).toEqual(['Released']);
});

test('one that is deleted while it is bound goes when it is not any more', async () => {
  await bound('Delete');
  const [volume] = await volumes.list();
  await volumes.delete(volume?.metadata.name ?? '');
  await bench.advance(5_000);
  expect((await volumes.list())[0]?.metadata.deletionTimestamp).toBeDefined();
  await claims.delete('data');
  await bench.advance(5_000);
  expect(await volumes.list()).toEqual([]);
});
