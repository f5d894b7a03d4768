import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { VolumeAttributesClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolume, persistentVolumeClaim } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { attributesClassProtectionController } from './attributes-class-protection.controller.js';
import { claimProtectionController } from './claim-protection.controller.js';
import { volumeProtectionController } from './volume-protection.controller.js';

let bench: LoopBench;
let classes: Objects<VolumeAttributesClass>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [
    attributesClassProtectionController(deps),
    claimProtectionController(deps),
    volumeProtectionController(deps),
  ]);
  classes = bench.objects(refs.volumeattributesclasses);
  await classes.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    metadata: { name: 'gold' },
    driverName: 'disk.example.com',
    parameters: { speed: 'high' },
  });
  await bench.drain();
});

test('a class that nobody names goes at once', async () => {
  expect((await classes.get('gold')).metadata.finalizers).toEqual(['kubernetes.io/vac-protection']);
  await classes.delete('gold');
  await bench.drain();
  expect(await classes.find('gold')).toBeUndefined();
});

test('a class that a claim and a volume name goes when neither does any more', async () => {
  const claims = bench.objects<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumes = bench.objects<PersistentVolume>(refs.persistentvolumes);
  const named = { volumeAttributesClassName: 'gold' };
  await claims.create(persistentVolumeClaim({ spec: named }));
  const csi = { driver: 'disk.example.com', volumeHandle: 'h' };
  await volumes.create(persistentVolume({ spec: { hostPath: undefined, csi, ...named } }));
  await classes.delete('gold');
  await bench.drain();
  await claims.delete('data');
  await bench.drain();
  expect((await classes.get('gold')).metadata.deletionTimestamp).toBeDefined();
  await volumes.delete('disk');
  await bench.drain();
  expect(await classes.find('gold')).toBeUndefined();
});
