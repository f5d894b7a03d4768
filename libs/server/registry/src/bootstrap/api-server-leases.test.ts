import { beforeEach, expect, test } from 'vitest';
import { namesIn, type RegistryBench, registryBench } from '../testing/registry-bench.js';
import { ApiServerLeases, LEASE_SECONDS, leaseStore, livingServers } from './api-server-leases.js';

let bench: RegistryBench;
beforeEach(async () => {
  bench = await registryBench();
});

const server = (id: string, host = id, port = 6443) => new ApiServerLeases(bench.registry, id, { host, port });
const living = async () =>
  (await livingServers(bench.ctx, leaseStore(bench.registry))).map(({ host, port }) => `${host}:${port}`);
const leases = async () => {
  const { items } = await leaseStore(bench.registry).list(
    bench.ctx,
    { namespace: 'kube-system' },
    { revision: { at: 'latest' } },
  );
  return items.map(({ key }) => key.name);
};

test('servers know of one another, in an order they all agree on, each place once', async () => {
  for (const one of [server('b'), server('a'), server('c', 'a')]) await one.renew(bench.ctx);
  expect(await living()).toEqual(['a:6443', 'b:6443']);
  expect(await server('b').living(bench.ctx)).toHaveLength(2);
});

test('a server keeps its lease over a restart, and gives it up when it ends', async () => {
  await server('a').renew(bench.ctx);
  const [name] = await leases();
  await server('a', 'elsewhere').renew(bench.ctx);
  expect(await leases()).toEqual([name]);
  expect(await living()).toEqual(['elsewhere:6443']);
  await server('a').release(bench.ctx);
  await server('a').release(bench.ctx);
  expect(await leases()).toEqual([]);
});

test('who has not renewed for its time is taken for dead, not a millisecond before, and its lease is cleared away', async () => {
  await server('a').renew(bench.ctx);
  await server('b').renew(bench.ctx);
  bench.clock.step(LEASE_SECONDS * 1_000 - 1);
  expect(await living()).toEqual(['a:6443', 'b:6443']);
  await server('b').renew(bench.ctx);
  bench.clock.step(1);
  expect(await living()).toEqual(['b:6443']);
  expect(await leases()).toHaveLength(1);
});

test('who comes back in the moment it is taken for dead keeps its lease', async () => {
  await server('a').renew(bench.ctx);
  bench.clock.step(LEASE_SECONDS * 1_000);
  bench.storage.beforeNext(async () => {
    await new ApiServerLeases(bench.replica, 'a', { host: 'a', port: 6443 }).renew(bench.ctx);
  });
  await living();
  expect(await living()).toEqual(['a:6443']);
});

test('a lease that does not say where its server is reached is of none', async () => {
  await server('a').renew(bench.ctx);
  const [name = ''] = await leases();
  const place = { namespace: 'kube-system', name };
  await leaseStore(bench.registry).update(bench.ctx, place, (current) => ({
    ...current,
    metadata: { ...current.metadata, annotations: {} },
  }));
  expect(await living()).toEqual([]);
  expect(await namesIn(bench, 'configmaps')).toEqual([]);
});
