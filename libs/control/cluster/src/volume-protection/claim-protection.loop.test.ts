import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolumeClaim, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { claimProtectionController } from './claim-protection.controller.js';

let bench: LoopBench;
let claims: Objects<PersistentVolumeClaim>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [claimProtectionController(deps)]);
  claims = bench.objects(refs.persistentvolumeclaims);
  pods = bench.objects(refs.pods);
  await claims.create(persistentVolumeClaim());
  await bench.drain();
});

const use = () =>
  pods.create(
    pod({ metadata: { name: 'p' }, spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] } }),
  );

test('a claim that nobody uses goes at once', async () => {
  expect((await claims.get('data')).metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
  await claims.delete('data');
  await bench.drain();
  expect(await claims.find('data')).toBeUndefined();
});

test('a claim that a Pod uses goes when the Pod has gone', async () => {
  await use();
  await bench.kubelet.run();
  await claims.delete('data');
  await bench.drain();
  expect((await claims.get('data')).metadata.deletionTimestamp).toBeDefined();
  await pods.delete('p', { gracePeriodSeconds: 0 });
  await bench.drain();
  expect(await claims.find('data')).toBeUndefined();
});

test('the server is asked before a claim is let go: a copy of the Pods may lag behind', async () => {
  bench.api.hold(/\/pods\?.*watch=true/);
  await use();
  await bench.kubelet.run();
  await claims.delete('data');
  await bench.drain();
  expect(await claims.find('data')).toBeDefined();
});
