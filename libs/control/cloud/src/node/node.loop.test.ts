import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { node } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { silentInstruments } from '../provider/instruments.js';
import { FakeInstances } from '../testing/fake-cloud.js';
import { cloudNodeController } from './node.controller.js';

const MINUTE = 60_000;
const UNINITIALIZED = { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' };
let cloud: FakeInstances;
let counted: string[];
let bench: LoopBench;
let nodes: Objects<Node>;
beforeEach(async () => {
  cloud = new FakeInstances();
  counted = [];
  bench = await LoopBench.start(
    (ctx, deps) => [
      cloudNodeController(ctx, deps, {
        instances: cloud,
        statusUpdateFrequency: 5 * MINUTE,
        instruments: {
          ...silentInstruments,
          taintRemoved: (seconds) => void counted.push(`taint ${seconds}`),
          nodeInitialized: (seconds) => void counted.push(`node ${seconds}`),
        },
      }),
    ],
    { as: { commonName: 'system:cloud-controller-manager' } },
  );
  nodes = bench.objects(refs.nodes);
});

const machine = (address: string) => ({
  providerID: 'fake://1',
  instanceType: 'small',
  zone: 'a',
  region: 'here',
  nodeAddresses: [{ type: 'InternalIP', address }],
});
const add = (name: string, taints: Node['spec'] = { taints: [UNINITIALIZED] }) =>
  nodes.create(node({ metadata: { name }, spec: taints }));
/** But for the one that every new node has. */
const taintsOf = async (name: string) =>
  ((await nodes.get(name)).spec?.taints ?? []).filter(({ key }) => key !== 'node.kubernetes.io/not-ready');
const addressesOf = async (name: string) =>
  (await nodes.get(name)).status?.addresses?.map(({ type, address }) => `${type} ${address}`);
const calls = () => cloud.calls.splice(0);

test('a node that waits is told what it is, and its addresses', async () => {
  cloud.machines.set('a', machine('192.0.2.1'));
  await add('a');
  await bench.drain();
  const { spec, metadata } = await nodes.get('a');
  expect([spec?.providerID, await taintsOf('a')]).toEqual(['fake://1', []]);
  expect(metadata.labels).toMatchObject({
    'topology.kubernetes.io/zone': 'a',
    'topology.kubernetes.io/region': 'here',
    'node.kubernetes.io/instance-type': 'small',
    'kubernetes.io/hostname': 'a',
  });
  expect(await addressesOf('a')).toEqual(['InternalIP 192.0.2.1', 'Hostname a']);
  expect(await bench.events()).toEqual(['Node/a Synced: Node synced successfully']);
  expect(calls()).toEqual(['metadata a']);
});

test('a node that its cloud does not know waits, and is asked for again when something is heard of it', async () => {
  await add('a');
  await bench.drain();
  expect(await taintsOf('a')).toEqual([UNINITIALIZED]);
  cloud.machines.set('a', machine('192.0.2.1'));
  cloud.change('a');
  await bench.drain();
  expect(await taintsOf('a')).toEqual([]);
});

test('a cloud that fails is asked again', async () => {
  cloud.machines.set('a', machine('192.0.2.1'));
  cloud.fail(new Error('throttled'));
  await add('a');
  expect((await bench.drain())[0]?.error).toMatchObject({ message: 'throttled' });
  await bench.advance(1_000);
  expect((await nodes.get('a')).spec?.providerID).toBe('fake://1');
  expect(counted.map((line) => line.split(' ')[0])).toEqual(['taint', 'node']);
});

test('a node that somebody changes meanwhile is told all the same, and keeps that change', async () => {
  cloud.machines.set('a', machine('192.0.2.1'));
  await add('a');
  bench.api.hold(/nodes\?.*watch=true/);
  await nodes.change('a', { spec: { taints: [UNINITIALIZED, { key: 'mine', effect: 'NoExecute' }] } });
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await taintsOf('a')).toMatchObject([{ key: 'mine' }]);
});

test('addresses are looked at every five minutes, and at once when something is heard of them', async () => {
  cloud.machines.set('a', machine('192.0.2.1'));
  await add('a');
  await bench.drain();
  calls();
  await nodes.change('a', { metadata: { labels: { a: 'b' } } });
  await bench.drain();
  expect(calls()).toEqual([]);
  cloud.machines.set('a', machine('192.0.2.2'));
  await bench.advance(5 * MINUTE - 1);
  expect(calls()).toEqual([]);
  await bench.advance(1);
  expect([calls(), await addressesOf('a')]).toEqual([['metadata a'], ['InternalIP 192.0.2.2', 'Hostname a']]);
  cloud.machines.set('a', machine('192.0.2.3'));
  cloud.change('a');
  await bench.drain();
  expect(await addressesOf('a')).toContain('InternalIP 192.0.2.3');
});

test('what a cloud cannot say now is asked the next time', async () => {
  await add('a', {});
  cloud.fail(new Error('down'), new Error('down'));
  expect((await bench.drain()).map(({ error }) => error)).toEqual([undefined]);
  cloud.machines.set('a', machine('192.0.2.1'));
  await bench.advance(5 * MINUTE);
  expect(await addressesOf('a')).toEqual(['Hostname a']);
  await bench.advance(5 * MINUTE);
  expect(await addressesOf('a')).toContain('InternalIP 192.0.2.1');
});

test('labels of older names are said by the newer too', async () => {
  await add('a', {});
  await nodes.change('a', { metadata: { labels: { 'failure-domain.beta.kubernetes.io/zone': 'z' } } });
  await bench.drain();
  expect((await nodes.get('a')).metadata.labels).toMatchObject({ 'topology.kubernetes.io/zone': 'z' });
});

test('a node that went meanwhile is no failure', async () => {
  cloud.machines.set('a', machine('192.0.2.1'));
  await add('a');
  bench.api.hold(/nodes\?.*watch=true/);
  await nodes.delete('a');
  expect(await bench.turn()).toMatchObject({ key: 'a' });
  bench.api.hold(undefined);
  expect((await bench.drain()).map(({ error }) => error)).toEqual([undefined]);
});
