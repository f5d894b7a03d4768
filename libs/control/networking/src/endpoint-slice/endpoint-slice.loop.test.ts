import type { Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { node, pod, service } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { endpointSliceController } from './endpoint-slice.controller.js';

let bench: LoopBench;
let services: Objects<Service>;
let slices: Objects<EndpointSlice>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [endpointSliceController(ctx, deps)]);
  services = bench.objects(refs.services);
  slices = bench.objects(refs.endpointslices);
  pods = bench.objects(refs.pods);
  await bench.objects<Node>(refs.nodes).create(node({ metadata: { labels: { 'topology.kubernetes.io/zone': 'z' } } }));
});

const serve = (spec: object = {}) =>
  services.create(service({ spec: { clusterIP: undefined, clusterIPs: undefined, ...spec } }));
async function run(...names: string[]): Promise<void> {
  for (const name of names) await pods.create(pod({ metadata: { name, labels: { app: 'web' } } }));
  await bench.kubelet.run();
  await bench.advance(20);
}
const all = async () => (await slices.list()).flatMap(({ endpoints }) => endpoints ?? []);
const conditionsOf = async () =>
  Object.fromEntries((await all()).map(({ targetRef, conditions }) => [targetRef?.name, conditions]));

test('a Service without Pods has one empty slice that names it and that it owns', async () => {
  const { metadata } = await serve();
  await bench.drain();
  expect(await slices.list()).toMatchObject([
    {
      metadata: { labels: { 'kubernetes.io/service-name': 'web' }, ownerReferences: [{ uid: metadata.uid }] },
      addressType: 'IPv4',
    },
  ]);
  expect(await all()).toEqual([]);
});

test('each Pod is told of with its node, its zone and what it can do', async () => {
  await serve();
  await run('a');
  expect(await all()).toMatchObject([
    {
      nodeName: 'node-1',
      zone: 'z',
      targetRef: { name: 'a' },
      conditions: { ready: true, serving: true, terminating: false },
    },
  ]);
  await pods.delete('a');
  await bench.advance(20);
  expect(await conditionsOf()).toEqual({ a: { ready: false, serving: true, terminating: true } });
  await bench.kubelet.unready();
  await bench.advance(20);
  expect(await conditionsOf()).toEqual({ a: { ready: false, serving: false, terminating: true } });
  await bench.kubelet.stop();
  await bench.advance(20);
  expect(await all()).toEqual([]);
});

test('a slice tells what led to its last change: that the Service was made, and then that a Pod became ready', async () => {
  const { metadata } = await serve();
  await bench.drain();
  const cause = async () =>
    (await slices.list())[0]?.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time'];
  expect(await cause()).toBe(metadata.creationTimestamp);
  await bench.advance(5_000);
  await run('a');
  const { status } = await pods.get('a');
  expect(await cause()).toBe(status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime);
});

test('many changes of a moment are one write', async () => {
  await serve();
  await bench.drain();
  const { resourceVersion } = (await slices.list())[0]?.metadata ?? {};
  await run('a', 'b', 'c');
  const [slice] = await slices.list();
  expect(slice?.endpoints).toHaveLength(3);
  expect(slice?.metadata.generation).toBe(2);
  expect(slice?.metadata.resourceVersion).not.toBe(resourceVersion);
});

test('ports that are called by name are those of each Pod', async () => {
  await serve({ ports: [{ port: 80, targetPort: 'http' }] });
  const ports = (containerPort: number) => [{ name: 'main', image: 'i', ports: [{ name: 'http', containerPort }] }];
  for (const [name, port] of [
    ['a', 8080],
    ['b', 9090],
  ] as const)
    await pods.create(pod({ metadata: { name, labels: { app: 'web' } }, spec: { containers: ports(port) } }));
  await run();
  expect((await slices.list()).map((slice) => slice.ports?.[0]?.port).sort()).toEqual([8080, 9090]);
});

describe('slices', () => {
  beforeEach(async () => {
    await serve();
    await run('a');
  });
  const name = async () => (await slices.list())[0]?.metadata.name ?? '';

  test('that were deleted, changed or doubled by hand are put right', async () => {
    await slices.delete(await name());
    await bench.drain();
    expect(await conditionsOf()).toHaveProperty('a');
    await slices.change(await name(), { endpoints: [] });
    await bench.drain();
    expect(await conditionsOf()).toHaveProperty('a');
    const [slice] = await slices.list();
    if (slice) await slices.create({ ...slice, metadata: { ...slice.metadata, name: 'double' } });
    await bench.drain();
    expect(await all()).toHaveLength(1);
  });

  test('of others are left alone', async () => {
    const [slice] = await slices.list();
    const labels = { ...slice?.metadata.labels, 'endpointslice.kubernetes.io/managed-by': 'somebody' };
    if (slice) await slices.create({ ...slice, metadata: { ...slice.metadata, name: 'theirs', labels } });
    await bench.drain();
    await pods.delete('a', { gracePeriodSeconds: 0 });
    await bench.advance(20);
    expect((await slices.get('theirs')).endpoints).toHaveLength(1);
  });

  test('are right again after a restart that missed everything', async () => {
    await bench.stop();
    await pods.delete('a', { gracePeriodSeconds: 0 });
    await pods.create(pod({ metadata: { name: 'b', labels: { app: 'web' } } }));
    await bench.kubelet.run();
    await bench.restart();
    await bench.advance(20);
    expect(Object.keys(await conditionsOf())).toEqual(['b']);
  });

  test('that another changed meanwhile are written at the next try', async () => {
    bench.api.hold(/endpointslices\?.*watch=true/);
    await slices.change(await name(), { metadata: { annotations: { a: 'b' } } });
    await pods.create(pod({ metadata: { name: 'b', labels: { app: 'web' } } }));
    await bench.kubelet.run();
    const turns = await bench.advance(20);
    expect(turns.find(({ error }) => error)?.error).toMatchObject({ reason: 'Conflict' });
    bench.api.hold(undefined);
    await bench.advance(1_000);
    expect(Object.keys(await conditionsOf()).sort()).toEqual(['a', 'b']);
  });

  test('that are new come before others go: nobody finds nothing in between', async () => {
    bench.api.befall(({ method }) =>
      method === 'POST' || method === 'PUT' ? new StatusError(500, 'InternalError', 'down') : undefined,
    );
    await services.change('web', { spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 9999 }] } });
    expect((await bench.turn())?.error).toMatchObject({ reason: 'InternalError' });
    expect((await slices.list()).map(({ ports }) => ports?.[0]?.port)).toEqual([8080]);
    bench.api.befall(() => undefined);
    await bench.advance(1_000);
    expect((await slices.list()).map(({ ports }) => ports?.[0]?.port)).toEqual([9999]);
  });
});

test('more than a hundred Pods are shared among slices', async () => {
  await serve();
  await run(...Array.from({ length: 101 }, (_, index) => `p${index}`));
  expect((await slices.list()).map(({ endpoints }) => endpoints?.length).sort()).toEqual([1, 100]);
});

describe('a Service whose traffic is to stay in zones', () => {
  const AUTO = { 'service.kubernetes.io/topology-mode': 'Auto' };
  const zoned = async (name: string, zone: string) => {
    const nodes = bench.objects<Node>(refs.nodes);
    await nodes.create(node({ metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } } }));
    const conditions = [{ type: 'Ready', status: 'True' }];
    await nodes.change(name, { status: { allocatable: { cpu: '4' }, conditions } }, 'status');
  };
  const hints = async () => (await all()).map((endpoint) => endpoint.hints?.forZones?.[0]?.name).sort();
  const told = async () => (await bench.events()).filter((event) => event.includes('Topology'));

  beforeEach(async () => {
    await bench.objects<Node>(refs.nodes).delete('node-1');
    await zoned('node-1', 'z');
    await services.create(
      service({ metadata: { annotations: AUTO }, spec: { clusterIP: undefined, clusterIPs: undefined } }),
    );
    await run('a', 'b', 'c', 'd');
  });

  test('is told while there is one zone, and served by zones once there are two', async () => {
    expect(await hints()).toEqual([undefined, undefined, undefined, undefined]);
    expect((await told())[0]).toContain('TopologyAwareHintsDisabled: Insufficient Node information');
    await zoned('node-2', 'y');
    await bench.advance(20);
    expect(await hints()).toEqual(['y', 'y', 'z', 'z']);
    expect((await told()).at(-1)).toBe(
      'Service/web TopologyAwareHintsEnabled: Topology Aware Hints has been enabled, addressType: IPv4',
    );
  });

  test('loses its hints with the wish', async () => {
    await zoned('node-2', 'y');
    await bench.advance(20);
    await services.change('web', { metadata: { annotations: { 'service.kubernetes.io/topology-mode': null } } });
    await bench.advance(20);
    expect(await hints()).toEqual([undefined, undefined, undefined, undefined]);
    expect((await told()).at(-1)).toContain('Topology Aware Hints has been disabled, addressType: IPv4');
  });
});
