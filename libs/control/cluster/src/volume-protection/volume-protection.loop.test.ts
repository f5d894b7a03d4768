import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolume } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { volumeProtectionController } from './volume-protection.controller.js';

let bench: LoopBench;
let volumes: Objects<PersistentVolume>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [volumeProtectionController(deps)]);
  volumes = bench.objects(refs.persistentvolumes);
  await volumes.create(persistentVolume());
  await bench.drain();
});

test('a volume that is not bound goes at once', async () => {
  expect((await volumes.get('disk')).metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
  await volumes.delete('disk');
  await bench.drain();
  expect(await volumes.find('disk')).toBeUndefined();
});

test('a volume that is bound goes when it is not any more', async () => {
  const phase = (value: string) => volumes.change('disk', { status: { phase: value } }, 'status');
  await phase('Bound');
  await volumes.delete('disk');
  await bench.drain();
  expect((await volumes.get('disk')).metadata.deletionTimestamp).toBeDefined();
  await phase('Released');
  await bench.drain();
  expect(await volumes.find('disk')).toBeUndefined();
});
