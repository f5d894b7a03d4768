import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass, VolumeAttributesClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolumeClaim, storageClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { claimBinderController } from '../persistent-volumes/claim-binder.controller.js';
import { volumeBinderController } from '../persistent-volumes/volume-binder.controller.js';
import { modifierController } from './modifier.controller.js';
import { provisionerController } from './provisioner.controller.js';
import { SIMULATED_PROVISIONER } from './provisioners.js';

let bench: LoopBench;
let claims: Objects<PersistentVolumeClaim>;
let volumes: Objects<PersistentVolume>;
let attributes: Objects<VolumeAttributesClass>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [
    claimBinderController(ctx, deps),
    volumeBinderController(ctx, deps),
    provisionerController(ctx, deps),
    modifierController(ctx, deps),
  ]);
  claims = bench.objects(refs.persistentvolumeclaims);
  volumes = bench.objects(refs.persistentvolumes);
  attributes = bench.objects(refs.volumeattributesclasses);
  await bench.objects<StorageClass>(refs.storageclasses).create(storageClass({ provisioner: SIMULATED_PROVISIONER }));
  await attributesClass('silver');
  await claims.create(
    persistentVolumeClaim({ spec: { storageClassName: 'fast', volumeAttributesClassName: 'silver' } }),
  );
  await bench.drain();
});

const attributesClass = (name: string, driverName = SIMULATED_PROVISIONER) =>
  attributes.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    metadata: { name },
    driverName,
    parameters: { iops: '100' },
  });
const ask = (volumeAttributesClassName: string) => claims.change('data', { spec: { volumeAttributesClassName } });
const state = async () => {
  const { status } = await claims.get('data');
  const [volume] = await volumes.list();
  return [
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus,
    volume?.spec?.volumeAttributesClassName,
  ];
};

test('a volume is made with the attributes its claim asks for, and given others', async () => {
  expect(await state()).toEqual(['silver', undefined, 'silver']);
  await attributesClass('gold');
  await ask('gold');
  await bench.drain();
  expect(await state()).toEqual(['gold', undefined, 'gold']);
  const told = (await bench.events()).slice(-2).map((event) => event.split(':')[0]);
  expect(told).toEqual([
    'PersistentVolumeClaim/data VolumeModify',
    'PersistentVolumeClaim/data VolumeModifySuccessful',
  ]);
  expect(await bench.drain()).toEqual([]);
});

test('a class that does not exist yet is waited for', async () => {
  await ask('gold');
  await bench.drain();
  const pending = { targetVolumeAttributesClassName: 'gold', status: 'Pending' };
  expect(await state()).toEqual(['silver', pending, 'silver']);
  expect((await bench.events()).at(-1)).toBe('PersistentVolumeClaim/data VolumeModifyFailed: VAC gold does not exist');
  await attributesClass('gold');
  await bench.drain();
  expect(await state()).toEqual(['gold', undefined, 'gold']);
});

test('a class of another driver is told to be none, and going back settles it', async () => {
  await attributesClass('alien', 'd.example');
  await ask('alien');
  await bench.drain();
  expect((await state())[1]).toEqual({ targetVolumeAttributesClassName: 'alien', status: 'Infeasible' });
  await ask('silver');
  await bench.drain();
  expect(await state()).toEqual(['silver', undefined, 'silver']);
});

test('what broke off is finished', async () => {
  await attributesClass('gold');
  bench.api.befall(({ method, path }) =>
    method === 'PATCH' && path.includes('/persistentvolumes/') ? new Error('broken') : undefined,
  );
  await ask('gold');
  await bench.drain();
  expect((await state())[1]).toMatchObject({ status: 'InProgress' });
  bench.api.befall(() => undefined);
  await bench.restart();
  await bench.drain();
  expect(await state()).toEqual(['gold', undefined, 'gold']);
});
