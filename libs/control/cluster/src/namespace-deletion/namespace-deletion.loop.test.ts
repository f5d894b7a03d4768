import type { ConfigMap, Namespace, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { configMap, namespace, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { namespaceDeletionController } from './namespace-deletion.controller.js';

let bench: LoopBench;
let namespaces: Objects<Namespace>;
let maps: Objects<ConfigMap>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [namespaceDeletionController(deps)]);
  namespaces = bench.objects(refs.namespaces);
  maps = bench.objects(refs.configmaps, 'shop');
  pods = bench.objects(refs.pods, 'shop');
  await namespaces.create(namespace({ metadata: { name: 'shop' } }));
});

const condition = async (type: string) =>
  (await namespaces.get('shop')).status?.conditions?.find((each) => each.type === type);

test('a namespace that is not being deleted is nobody’s business', async () => {
  await maps.create(configMap());
  expect(await bench.advance(60_000)).toEqual([]);
});

test('everything in it goes, then it goes itself', async () => {
  await maps.create(configMap());
  await pods.create(pod());
  await bench.objects<ConfigMap>(refs.configmaps).create(configMap());
  await namespaces.delete('shop');
  await bench.advance(1_000);
  expect(await namespaces.find('shop')).toBeUndefined();
  expect(await bench.objects<ConfigMap>(refs.configmaps).list()).toHaveLength(1);
});

test('Pods go first, and what they may still need waits for the last of them', async () => {
  await maps.create(configMap());
  await pods.create(pod());
  await bench.kubelet.run();
  await namespaces.delete('shop');
  await bench.advance(1_000);
  expect((await pods.get('pod-1')).metadata.deletionTimestamp).toBeDefined();
  expect(await maps.find('settings')).toBeDefined();
  expect(await condition('NamespaceContentRemaining')).toMatchObject({
    status: 'True',
    message: 'Some resources are remaining: pods. has 1 resource instances',
  });
  await bench.kubelet.stop();
  await bench.advance(100);
  expect(await namespaces.find('shop')).toBeUndefined();
});

test('what is held by a finalizer is told of, and looked for again less and less often', async () => {
  await maps.create(configMap({ metadata: { finalizers: ['example.com/hold'] } }));
  await namespaces.delete('shop');
  await bench.advance(60_000);
  expect(await condition('NamespaceFinalizersRemaining')).toMatchObject({
    status: 'True',
    message: 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  });
  const looks = await bench.advance(60_000);
  expect(looks.length).toBeGreaterThanOrEqual(5);
  expect(looks.length).toBeLessThanOrEqual(7);
  await maps.change('settings', { metadata: { finalizers: null } });
  await bench.advance(10_000);
  expect(await namespaces.find('shop')).toBeUndefined();
});

test('nothing is let go while it cannot be known what there is', async () => {
  await maps.create(configMap());
  bench.api.befall(({ path }) =>
    path === '/apis/apps/v1' ? new StatusError(503, 'ServiceUnavailable', 'down') : undefined,
  );
  await namespaces.delete('shop');
  await bench.advance(5_000);
  expect(await condition('NamespaceDeletionDiscoveryFailure')).toMatchObject({
    status: 'True',
    reason: 'DiscoveryFailed',
  });
  expect(await maps.find('settings')).toBeDefined();
  bench.api.befall(() => undefined);
  await bench.advance(10_000);
  expect(await namespaces.find('shop')).toBeUndefined();
});

test('nothing is let go while something cannot be deleted', async () => {
  await maps.create(configMap());
  bench.api.befall(({ method, path }) =>
    method === 'DELETE' && path.includes('configmaps') ? new StatusError(403, 'Forbidden', 'a policy') : undefined,
  );
  await namespaces.delete('shop');
  await bench.advance(5_000);
  expect(await condition('NamespaceDeletionContentFailure')).toMatchObject({
    status: 'True',
    message: 'Failed to delete all resource types, 1 remaining: a policy',
  });
  bench.api.befall(() => undefined);
  await bench.advance(10_000);
  expect(await namespaces.find('shop')).toBeUndefined();
});

test('a restart in the middle goes on', async () => {
  await pods.create(pod());
  await bench.kubelet.run();
  await namespaces.delete('shop');
  await bench.advance(1_000);
  await bench.restart();
  await bench.kubelet.stop();
  await bench.advance(1_000);
  expect(await namespaces.find('shop')).toBeUndefined();
});

test('another’s finalizer keeps it, empty', async () => {
  const { spec } = await namespaces.get('shop');
  const finalizers = [...(spec?.finalizers ?? []), 'example.com/hold'];
  const held = { ...(await namespaces.get('shop')), spec: { finalizers } };
  await bench.client.resource<Namespace>(refs.namespaces).updateSubresource(bench.ctx, held, 'finalize');
  await maps.create(configMap());
  await namespaces.delete('shop');
  await bench.advance(1_000);
  expect(await maps.list()).toEqual([]);
  expect((await namespaces.get('shop')).spec?.finalizers).toEqual(['example.com/hold']);
});

test('a change of the namespace meanwhile is not written over', async () => {
  await namespaces.delete('shop');
  await bench.api.activity.settled();
  bench.api.hold(/namespaces\?.*watch=true/);
  await namespaces.change('shop', { metadata: { labels: { changed: 'meanwhile' } } });
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await namespaces.find('shop')).toBeUndefined();
});
