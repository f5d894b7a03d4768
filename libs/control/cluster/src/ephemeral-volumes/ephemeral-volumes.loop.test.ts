import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolumeClaim, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { claimProtectionController } from '../volume-protection/claim-protection.controller.js';
import { ephemeralVolumesController } from './ephemeral-volumes.controller.js';

let bench: LoopBench;
let claims: Objects<PersistentVolumeClaim>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [
    ephemeralVolumesController(ctx, deps),
    claimProtectionController(deps),
  ]);
  claims = bench.objects(refs.persistentvolumeclaims);
  pods = bench.objects(refs.pods);
});

const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const volumes = [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec } } }];
const add = () => pods.create(pod({ metadata: { name: 'p' }, spec: { volumes } }));

test('a Pod’s claim is made once, and again where it is lost', async () => {
  const { uid } = (await add()).metadata;
  await bench.drain();
  await bench.restart();
  await bench.drain();
  expect((await claims.list()).map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)).toEqual([uid]);
  const [first] = await claims.list();
  await claims.delete('p-v');
  await bench.drain();
  const [again] = await claims.list();
  expect(again?.metadata.uid).toBeDefined();
  expect(again?.metadata.uid).not.toBe(first?.metadata.uid);
});

test('a claim that is in its way is told of, and made when that is gone', async () => {
  await claims.create(persistentVolumeClaim({ metadata: { name: 'p-v' } }));
  await add();
  await bench.drain();
  expect(await bench.events()).toEqual([
    'Pod/p FailedBinding: ephemeral volume v: PVC default/p-v was not created for pod default/p (pod is not owner)',
  ]);
  await claims.delete('p-v');
  await bench.advance(10_000);
  expect((await claims.get('p-v')).metadata.ownerReferences).toMatchObject([{ name: 'p' }]);
});
