import type { ConfigMap, Secret } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { formatTime } from '@binnacle/machinery-context';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { bootstrapSignerController } from './signer.controller.js';
import { bootstrapToken } from './testing/tokens.js';

let bench: LoopBench;
let maps: Objects<ConfigMap>;
let secrets: Objects<Secret>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [bootstrapSignerController(deps)]);
  maps = bench.objects(refs.configmaps, 'kube-public');
  secrets = bench.objects(refs.secrets, 'kube-system');
  const metadata = { name: 'cluster-info' };
  await maps.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { kubeconfig: 'k' } });
});
const keys = async () => Object.keys((await maps.get('cluster-info')).data ?? {}).sort();

test('every token that may signs, and its signature goes with it', async () => {
  await secrets.create(bootstrapToken('abcdef'));
  await secrets.create(bootstrapToken('fedcba'));
  await secrets.create(bootstrapToken('silent', { 'usage-bootstrap-signing': 'false' }));
  await bench.drain();
  expect(await keys()).toEqual(['jws-kubeconfig-abcdef', 'jws-kubeconfig-fedcba', 'kubeconfig']);
  expect(await bench.drain()).toEqual([]);
  await secrets.delete('bootstrap-token-abcdef');
  await bench.drain();
  expect(await keys()).toEqual(['jws-kubeconfig-fedcba', 'kubeconfig']);
});

test('what is signed is signed anew when it changes', async () => {
  await secrets.create(bootstrapToken('abcdef'));
  await bench.drain();
  const before = (await maps.get('cluster-info')).data;
  await maps.change('cluster-info', { data: { kubeconfig: 'k2' } });
  await bench.drain();
  expect((await maps.get('cluster-info')).data?.['jws-kubeconfig-abcdef']).not.toBe(before?.['jws-kubeconfig-abcdef']);
});

test('a token that ends takes its signature with it', async () => {
  await secrets.create(bootstrapToken('abcdef', { expiration: formatTime(bench.now + 60_000) }));
  await bench.drain();
  expect(await keys()).toHaveLength(2);
  await bench.advance(61_000);
  expect(await keys()).toEqual(['kubeconfig']);
});
