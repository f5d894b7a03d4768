import type { ConfigMap, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { OwnerReference } from '@binnacle/machinery-meta';
import { StatusError } from '@binnacle/machinery-meta';
import { configMap, node } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { garbageCollectorController } from './garbage-collector.controller.js';

let bench: LoopBench;
let maps: Objects<ConfigMap>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, { client }) => [garbageCollectorController(ctx, client)]);
  maps = bench.objects(refs.configmaps);
});

type Link = Pick<OwnerReference, 'blockOwnerDeletion'>;
const ownedBy = ({ metadata }: ConfigMap, more: Link = {}): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
  ...more,
});
const make = (name: string, ...ownerReferences: OwnerReference[]) =>
  maps.create(configMap({ metadata: { name, ...(ownerReferences.length > 0 && { ownerReferences }) } }));
const names = async () => (await maps.list()).map(({ metadata }) => metadata.name);
const BLOCKS = { blockOwnerDeletion: true };
const ABSENT: OwnerReference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'never', uid: 'never' };

describe('what nobody owns any more', () => {
  test('goes, down to the last of its line', async () => {
    const owner = await make('owner');
    const child = await make('child', ownedBy(owner));
    await make('grandchild', ownedBy(child));
    await make('free');
    expect(await bench.drain()).toEqual([]);
    await maps.delete('owner');
    await bench.drain();
    expect(await names()).toEqual(['free']);
  });

  test('goes also where its owner went while nobody was watching', async () => {
    const owner = await make('owner');
    await make('child', ownedBy(owner));
    await bench.stop();
    await maps.delete('owner');
    await bench.restart();
    await bench.drain();
    expect(await names()).toEqual([]);
  });

  test('is not what another owns too: only the reference goes', async () => {
    const [first, second] = [await make('first'), await make('second')];
    await make('child', ownedBy(first), ownedBy(second));
    await maps.delete('first');
    await bench.drain();
    expect((await maps.get('child')).metadata.ownerReferences).toEqual([ownedBy(second)]);
    await maps.delete('second');
    await bench.drain();
    expect(await names()).toEqual([]);
  });

  test('is what names an owner that never was', async () => {
    await make('child', ABSENT);
    await bench.drain();
    expect(await names()).toEqual([]);
  });

  test('is asked about at the server first: an owner that no watch has shown may live', async () => {
    bench.api.hold(/configmaps\?.*watch=true/);
    const owner = await make('owner');
    bench.api.hold(undefined);
    await make('child', ownedBy(owner));
    await bench.drain();
    expect(await names()).toEqual(['child', 'owner']);
  });

  test('is not what got an owner meanwhile', async () => {
    const first = await make('first');
    await make('child', ownedBy(first));
    await bench.drain();
    await maps.delete('first');
    await bench.api.activity.settled();
    const second = await make('second');
    await maps.change('child', { metadata: { ownerReferences: [ownedBy(second)] } });
    await bench.drain();
    expect(await names()).toEqual(['child', 'second']);
  });

  test('goes at a later try where it cannot go at once', async () => {
    await make('child', ABSENT);
    bench.api.befall(({ method }) => (method === 'DELETE' ? new StatusError(500, 'InternalError', 'down') : undefined));
    expect((await bench.turn())?.error).toMatchObject({ reason: 'InternalError' });
    bench.api.befall(() => undefined);
    await bench.advance(1_000);
    expect(await names()).toEqual([]);
  });
});

describe('in the foreground', () => {
  test('an owner waits for what blocks it, and for nothing else', async () => {
    const owner = await make('owner');
    await make('blocks', ownedBy(owner, BLOCKS));
    await maps.change('blocks', { metadata: { finalizers: ['example.com/hold'] } });
    await make('other', ownedBy(owner));
    await bench.drain();
    await maps.delete('owner', { propagationPolicy: 'Foreground' });
    await bench.drain();
    expect((await maps.get('blocks')).metadata.deletionTimestamp).toBeDefined();
    expect(await names()).toContain('owner');
    await maps.change('blocks', { metadata: { finalizers: null } });
    await bench.drain();
    expect(await names()).toEqual([]);
  });

  test('a line goes from its end', async () => {
    const owner = await make('owner');
    const child = await make('child', ownedBy(owner, BLOCKS));
    await make('grandchild', ownedBy(child, BLOCKS));
    await bench.drain();
    await maps.delete('owner', { propagationPolicy: 'Foreground' });
    const order: string[] = [];
    for (let turn = await bench.turn(); turn; turn = await bench.turn()) order.push((await names()).join());
    expect(order.at(-1)).toBe('');
    expect(order.filter((left) => left.includes('grandchild') && !left.includes('owner'))).toEqual([]);
  });

  test('who lets go of it no longer blocks it', async () => {
    const owner = await make('owner');
    await make('child', ownedBy(owner, BLOCKS));
    await maps.change('child', { metadata: { finalizers: ['example.com/hold'] } });
    await bench.drain();
    await maps.delete('owner', { propagationPolicy: 'Foreground' });
    await bench.drain();
    await maps.change('child', { metadata: { ownerReferences: null } });
    await bench.drain();
    expect(await names()).toEqual(['child']);
  });

  test('two that block each other both go', async () => {
    const first = await make('first');
    const second = await make('second', ownedBy(first, BLOCKS));
    await maps.change('first', { metadata: { ownerReferences: [ownedBy(second, BLOCKS)] } });
    await bench.drain();
    await maps.delete('first', { propagationPolicy: 'Foreground' });
    await bench.advance(1_000);
    expect(await names()).toEqual([]);
  });
});

test('what is orphaned stays, without its owner', async () => {
  const owner = await make('owner');
  await make('child', ownedBy(owner));
  await bench.drain();
  await maps.delete('owner', { propagationPolicy: 'Orphan' });
  await bench.drain();
  expect(await names()).toEqual(['child']);
  expect((await maps.get('child')).metadata.ownerReferences).toBeUndefined();
});

describe('who is no owner', () => {
  test('one in another namespace: what names it goes, and is told why', async () => {
    const other = bench.objects<ConfigMap>(refs.configmaps, 'kube-public');
    const owner = await other.create(configMap({ metadata: { name: 'owner' } }));
    await make('child', ownedBy(owner));
    await bench.drain();
    expect(await names()).toEqual([]);
    expect(await bench.events()).toEqual([
      expect.stringMatching(
        /^ConfigMap\/child OwnerRefInvalidNamespace: ownerRef .* does not exist in namespace "default"$/,
      ),
    ]);
  });

  test('a namespaced one of something of the cluster: it stays, since nobody can tell', async () => {
    const owner = await make('owner');
    const nodes = bench.objects<Node>(refs.nodes);
    await nodes.create(node({ metadata: { ownerReferences: [ownedBy(owner)] } }));
    await maps.delete('owner');
    await bench.drain();
    expect(await nodes.find('node-1')).toBeDefined();
  });

  test('one of a kind that nobody serves: it stays, and is tried again', async () => {
    await make('child', { ...ABSENT, apiVersion: 'example.com/v1', kind: 'Widget' });
    expect((await bench.turn())?.error).toMatchObject({ message: expect.stringContaining('no resource is known') });
    await bench.advance(60_000);
    expect(await names()).toEqual(['child']);
  });

  test('one of the same name made after it', async () => {
    const owner = await make('owner');
    await make('child', ownedBy(owner));
    await bench.drain();
    await maps.delete('owner');
    await make('owner');
    await bench.drain();
    expect(await names()).toEqual(['owner']);
  });
});

test('a Pod and what it owns go in the order of their kinds, whatever resource they are of', async () => {
  const pods = bench.objects<Pod>(refs.pods);
  const owner = await make('owner');
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', ownerReferences: [ownedBy(owner)] } };
  const made = await pods.create({ ...pod, spec: { containers: [{ name: 'c', image: 'i' }] } });
  await make('grandchild', { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: made.metadata.uid ?? '' });
  await bench.drain();
  await maps.delete('owner');
  await bench.drain();
  expect([await names(), await pods.list()]).toEqual([[], []]);
});

test('kinds that appear later are noticed', async () => {
  bench.api.befall(({ path }) =>
    path === '/apis/apps/v1' ? new StatusError(503, 'ServiceUnavailable', 'down') : undefined,
  );
  const restarting = bench.restart();
  await bench.api.activity.settled();
  bench.api.befall(() => undefined);
  bench.ctx.clock.step(1_000);
  await restarting;
  await make('child', ABSENT);
  await bench.drain();
  expect(await names()).toEqual([]);
});
