import { fixedResourceSets } from '../resource-sets.js';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test, vi } from 'vitest';
import { admitEverything } from '../admission.js';
import { Registry } from '../registry.js';
import { type RequestContext, systemContext } from '../request-context.js';
import { ServiceAllocation } from '../services/service-allocation.js';
import { LEASE_SECONDS } from './api-server-leases.js';
import { KEEP_EVERY_MILLISECONDS, SystemObjects } from './keep-system-objects.js';
import { createSystemObjects } from './system-objects.js';

const PLACE = { namespace: 'default', name: 'kubernetes' };
const LEASES = { namespace: '', name: 'kube-node-lease' };
let clock: FakeClock;
let ctx: RequestContext;
let registry: Registry;

beforeEach(async () => {
  clock = new FakeClock();
  const storage = new MemoryStorage();
  const base = { clock, logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  const allocation = new ServiceAllocation(storage, { clusterIps: '10.96.0.0/24', nodePorts: '30000-30100' });
  const hooks = { '/services': allocation };
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything, hooks });
  await createSystemObjects(ctx, registry);
});

const server = (host: string, port = 6443, signal = ctx.signal) =>
  new SystemObjects(
    { ...ctx, signal },
    registry,
    { clusterIp: '10.96.0.1', serviceNetwork: '10.96.0.0/16', host, port },
    `machine_${host}:${port}`,
  );

/** Lets every server that keeps objects do so once. */
async function next(servers: number, milliseconds = KEEP_EVERY_MILLISECONDS): Promise<void> {
  await vi.waitFor(() => expect(clock.pending).toBe(servers));
  clock.step(milliseconds);
  await vi.waitFor(() => expect(clock.pending).toBe(servers));
}

async function all(group: string, plural: string, namespace: string): Promise<UnstructuredObject[]> {
  const store = registry.get(group, 'v1', plural);
  const { items } = await store.list(ctx, { namespace }, { revision: { at: 'latest' } });
  return items.map((item) => store.decode(item));
}

interface Subset {
  readonly addresses: ReadonlyArray<{ readonly ip: string }>;
  readonly ports: ReadonlyArray<{ readonly port: number }>;
}

async function published(): Promise<string[]> {
  const [endpoints] = await all('', 'endpoints', PLACE.namespace);
  const subsets = (endpoints?.subsets ?? []) as readonly Subset[];
  return subsets.flatMap(({ addresses, ports }) => addresses.map(({ ip }) => `${ip}:${ports[0]?.port}`));
}

const leases = () => all('coordination.k8s.io', 'leases', 'kube-system');

test('what every cluster must have is made again', async () => {
  const services = registry.get('', 'v1', 'services');
  const namespaces = registry.get('', 'v1', 'namespaces');
  const keeper = server('127.0.0.2');
  await keeper.start();
  await services.delete(ctx, PLACE);
  await registry.get('', 'v1', 'endpoints').delete(ctx, PLACE);
  await namespaces.update(ctx, LEASES, (namespace) => ({ ...namespace, spec: {} }), { rules: 'none' });
  await namespaces.delete(ctx, LEASES);
  await expect(namespaces.get(ctx, LEASES)).rejects.toThrow('not found');
  await next(1);
  expect(services.decode(await services.get(ctx, PLACE)).spec).toMatchObject({ clusterIP: '10.96.0.1' });
  await expect(namespaces.get(ctx, LEASES)).resolves.toBeDefined();
  expect(await published()).toEqual(['127.0.0.2:6443']);
  await keeper.stop();
});

test('servers of one store are published together, and no longer when they stop; the last one stays', async () => {
  const [one, two] = [server('127.0.0.3'), server('127.0.0.2')];
  await one.start();
  await two.start();
  expect(await published()).toEqual(['127.0.0.2:6443', '127.0.0.3:6443']);
  const [slice] = await all('discovery.k8s.io', 'endpointslices', PLACE.namespace);
  expect(slice?.endpoints).toMatchObject([{ addresses: ['127.0.0.2'] }, { addresses: ['127.0.0.3'] }]);
  await two.stop();
  expect(await published()).toEqual(['127.0.0.3:6443']);
  expect((await leases()).map(({ spec }) => spec)).toMatchObject([{ holderIdentity: 'machine_127.0.0.3:6443' }]);
  await one.stop();
  expect(await published()).toEqual(['127.0.0.3:6443']);
  expect(await leases()).toEqual([]);
});

test('a server that died is left out when its lease is over, and one that restarts is not counted twice', async () => {
  const died = new AbortController();
  await server('127.0.0.3', 6443, died.signal).start();
  await server('127.0.0.2').start();
  await server('127.0.0.2').start();
  expect(await leases()).toHaveLength(2);
  died.abort(new Error('killed'));
  await next(2, LEASE_SECONDS * 1000);
  await vi.waitFor(async () => expect(await published()).toEqual(['127.0.0.2:6443']));
  expect(await leases()).toHaveLength(1);
});

test('servers on different ports have slices of their own, and nothing is written while nothing changes', async () => {
  const [one, two] = [server('127.0.0.2', 6443), server('127.0.0.2', 6444)];
  await one.start();
  await two.start();
  const slices = () => all('discovery.k8s.io', 'endpointslices', PLACE.namespace);
  const first = await slices();
  expect(first.map(({ metadata }) => metadata.name)).toEqual(['kubernetes', 'kubernetes-ipv4-6444']);
  expect(await published()).toEqual(['127.0.0.2:6443', '127.0.0.2:6444']);
  await next(2);
  expect(await slices()).toEqual(first);
  await one.stop();
  expect((await slices()).map(({ metadata, ports }) => [metadata.name, ports])).toMatchObject([
    ['kubernetes', [{ port: 6444 }]],
  ]);
  await two.stop();
});
