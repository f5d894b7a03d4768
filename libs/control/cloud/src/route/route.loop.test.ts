import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { findCondition } from '@binnacle/machinery-meta';
import { node } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { FakeRoutes } from '../testing/fake-cloud.js';
import { routeController } from './route.controller.js';

let cloud: FakeRoutes;
let bench: LoopBench;
let nodes: Objects<Node>;
beforeEach(async () => {
  cloud = new FakeRoutes(true);
  const options = { routes: cloud, clusterCidrs: ['10.244.0.0/16'], reconciliationPeriod: 10_000 };
  bench = await LoopBench.start((ctx, deps) => [routeController(ctx, deps, options)], {
    as: { commonName: 'system:cloud-controller-manager' },
  });
  nodes = bench.objects(refs.nodes);
});

const add = (name: string, cidr: string) =>
  nodes.create(node({ metadata: { name }, spec: { podCIDR: cidr, podCIDRs: [cidr] } }));
const networkOf = async (name: string) => {
  const { status, reason } = findCondition((await nodes.get(name)).status?.conditions, 'NetworkUnavailable') ?? {};
  return `${status} ${reason}`;
};
const calls = () => cloud.calls.splice(0).filter((call) => call !== 'list');

test('the range of each node leads to it, as soon as it has one and until it goes', async () => {
  await add('a', '10.244.0.0/24');
  await bench.drain();
  expect([calls(), await networkOf('a')]).toEqual([['create a 10.244.0.0/24'], 'False RouteCreated']);
  await nodes.change('a', { metadata: { labels: { a: 'b' } } });
  await bench.drain();
  expect(cloud.calls).toEqual([]);
  await nodes.delete('a');
  await bench.drain();
  expect([calls(), cloud.made.size]).toEqual([['delete a 10.244.0.0/24'], 0]);
});

test('a node that has other addresses is led to there', async () => {
  await add('a', '10.244.0.0/24');
  await bench.drain();
  calls();
  await nodes.change('a', { status: { addresses: [{ type: 'InternalIP', address: '192.0.2.7' }] } }, 'status');
  await bench.drain();
  expect(calls()).toEqual(['delete a 10.244.0.0/24', 'create a 10.244.0.0/24']);
  expect([...cloud.made.values()]).toMatchObject([{ targetNodeAddresses: [{ address: '192.0.2.7' }] }]);
});

test('what was lost is made again within ten seconds', async () => {
  await add('a', '10.244.0.0/24');
  await bench.drain();
  cloud.made.clear();
  await bench.advance(10_000);
  expect(cloud.made.size).toBe(1);
});

test('a route that cannot be made is told of its node, and tried again; others are made', async () => {
  cloud.refused.add('10.244.0.0/24');
  await add('a', '10.244.0.0/24');
  await add('b', '10.244.1.0/24');
  await bench.drain();
  expect([await networkOf('a'), await networkOf('b')]).toEqual(['True NoRouteCreated', 'False RouteCreated']);
  const { uid } = (await nodes.get('a')).metadata;
  const [told] = (await bench.events()).filter((line) => line.includes('FailedToCreateRoute'));
  expect(told).toBe(`Node/a FailedToCreateRoute: Could not create route ${uid} 10.244.0.0/24 for node a: quota`);
  cloud.refused.clear();
  await bench.advance(10_000);
  expect(await networkOf('a')).toBe('False RouteCreated');
});

test('a route that cannot be deleted is tried again', async () => {
  await add('a', '10.244.0.0/24');
  await bench.drain();
  cloud.refused.add('10.244.0.0/24');
  await nodes.delete('a');
  await bench.drain();
  expect(cloud.made.size).toBe(1);
  cloud.refused.clear();
  await bench.advance(10_000);
  expect(cloud.made.size).toBe(0);
});
