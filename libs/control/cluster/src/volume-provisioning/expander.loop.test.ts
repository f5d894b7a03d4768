import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolumeClaim, storageClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { claimBinderController } from '../persistent-volumes/claim-binder.controller.js';
import { volumeBinderController } from '../persistent-volumes/volume-binder.controller.js';
import { expanderController } from './expander.controller.js';
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
    expanderController(ctx, deps),
  ]);
  claims = bench.objects(refs.persistentvolumeclaims);
  volumes = bench.objects(refs.persistentvolumes);
});

test('a claim that asks for more has it, and its volume too; and a restart in between changes nothing', async () => {
  const classes = bench.objects<StorageClass>(refs.storageclasses);
  await classes.create(storageClass({ provisioner: SIMULATED_PROVISIONER, allowVolumeExpansion: true }));
  await claims.create(persistentVolumeClaim({ spec: { storageClassName: 'fast' } }));
  await bench.drain();
  bench.api.befall(({ path }) =>
    path.includes('/persistentvolumeclaims/data/status') ? new Error('broken') : undefined,
  );
  await claims.change('data', { spec: { resources: { requests: { storage: '3Gi' } } } });
  await bench.drain();
  expect((await claims.get('data')).status?.capacity).toEqual({ storage: '1Gi' });
  bench.api.befall(() => undefined);
  await bench.restart();
  await bench.drain();
  expect((await claims.get('data')).status?.capacity).toEqual({ storage: '3Gi' });
  expect((await volumes.list())[0]?.spec?.capacity).toEqual({ storage: '3Gi' });
  expect((await bench.events()).at(-1)).toBe(
    'PersistentVolumeClaim/data VolumeResizeSuccessful: Resize volume succeeded',
  );
});
