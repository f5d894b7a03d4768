import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { node } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { FakeInstances } from '../testing/fake-cloud.js';
import { cloudNodeLifecycleController } from './node-lifecycle.controller.js';
import { TAINT_SHUTDOWN } from './plan.js';

let cloud: FakeInstances;
let bench: LoopBench;
let nodes: Objects<Node>;
beforeEach(async () => {
  cloud = new FakeInstances();
  bench = await LoopBench.start(
    (ctx, deps) => [cloudNodeLifecycleController(ctx, deps, { instances: cloud, monitorPeriod: 5_000 })],
    { as: { commonName: 'system:cloud-controller-manager' } },
  );
  nodes = bench.objects(refs.nodes);
});

const ready = (name: string, status: 'True' | 'False' | 'Unknown') =>
  nodes.change(name, { status: { conditions: [{ type: 'Ready', status }] } }, 'status');
async function add(name: string, status: 'True' | 'False' | 'Unknown'): Promise<void> {
  await nodes.create(node({ metadata: { name } }));
  await ready(name, status);
}
/** But for the one that every new node has. */
const taintsOf = async (name: string) =>
  ((await nodes.get(name)).spec?.taints ?? []).filter(({ key }) => key !== 'node.kubernetes.io/not-ready');
const GONE = 'Node/a DeletingNode: Deleting node a because it does not exist in the cloud provider';

test('a node that is not well goes when its machine has gone, and not before', async () => {
  cloud.machines.set('a', {});
  await add('a', 'Unknown');
  await bench.advance(60_000);
  expect(await nodes.find('a')).toBeDefined();
  cloud.machines.delete('a');
  await bench.advance(5_000);
  expect([await nodes.find('a'), await bench.events()]).toEqual([undefined, [GONE]]);
});

test('a node that is well is not asked for', async () => {
  await add('a', 'True');
  await bench.advance(60_000);
  expect([await nodes.find('a'), cloud.calls]).not.toContain(undefined);
  expect(cloud.calls).toEqual([]);
  await ready('a', 'False');
  await bench.drain();
  expect(await nodes.find('a')).toBeUndefined();
});

test('a machine that is shut down marks its node until that is well again', async () => {
  cloud.machines.set('a', { isShutdown: true });
  await add('a', 'Unknown');
  await bench.drain();
  expect(await taintsOf('a')).toEqual([TAINT_SHUTDOWN]);
  await bench.advance(20_000);
  expect(await taintsOf('a')).toEqual([TAINT_SHUTDOWN]);
  cloud.machines.set('a', {});
  await bench.advance(5_000);
  expect(await taintsOf('a')).toEqual([TAINT_SHUTDOWN]);
  await ready('a', 'True');
  await bench.drain();
  expect(await taintsOf('a')).toEqual([]);
});

test('a cloud that cannot say costs no node', async () => {
  await add('a', 'Unknown');
  cloud.fail(...Array.from({ length: 3 }, () => new Error('down')));
  await bench.advance(10_000);
  expect(await nodes.find('a')).toBeDefined();
  await bench.advance(5_000);
  expect(await nodes.find('a')).toBeUndefined();
});

test('a node that cannot be deleted is told so and tried again; another of its name is not deleted in its place', async () => {
  bench.api.befall(({ method }) => (method === 'DELETE' ? new StatusError(500, 'InternalError', 'down') : undefined));
  await add('a', 'Unknown');
  await bench.drain();
  bench.api.befall(() => undefined);
  expect(await bench.events()).toEqual([GONE, 'Node/a DeletingNodeFailed: Failed deleting node a: down']);
  bench.api.hold(/nodes\?.*watch=true/);
  await nodes.delete('a');
  await add('a', 'True');
  await bench.advance(5_000);
  expect(cloud.calls).toEqual(['exists a', 'exists a']);
  bench.api.hold(undefined);
  await bench.advance(10_000);
  expect(await nodes.find('a')).toBeDefined();
});
