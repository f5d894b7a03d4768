import type { CSIDriver, StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { storageClassesController } from './storage-classes.controller.js';

let bench: LoopBench;
let classes: Objects<StorageClass>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [storageClassesController(deps)]);
  classes = bench.objects(refs.storageclasses);
});
const names = async () => (await classes.list()).map(({ metadata }) => metadata.name);

test('a new cluster has its classes, one of them by default', async () => {
  await bench.drain();
  expect(await names()).toEqual(['simulated', 'standard']);
  expect((await classes.get('standard')).metadata.annotations).toEqual({
    'storageclass.kubernetes.io/is-default-class': 'true',
  });
});

test('the driver of what all nodes reach says that it attaches', async () => {
  await bench.drain();
  const drivers = await bench.objects<CSIDriver>(refs.csidrivers).list();
  expect(drivers.map(({ metadata, spec }) => [metadata.name, spec.attachRequired])).toEqual([
    ['simulated.binnacle.dev', true],
  ]);
});

test('what an administrator does to them stays done', async () => {
  await bench.drain();
  await classes.delete('standard');
  await bench.restart();
  await bench.drain();
  expect(await names()).toEqual(['simulated']);
});

test('a start that broke off is finished', async () => {
  bench.api.befall(({ method, path }) =>
    method === 'PATCH' && path.includes('namespaces') ? new Error('broken') : undefined,
  );
  await bench.drain();
  bench.api.befall(() => undefined);
  await bench.restart();
  await bench.drain();
  expect(await names()).toEqual(['simulated', 'standard']);
});
