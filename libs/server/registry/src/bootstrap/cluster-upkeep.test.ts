import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test, vi } from 'vitest';
import { admitEverything } from '../admission.js';
import { ClusterDirectory } from '../clusters/cluster-directory.js';
import { Registry } from '../registry.js';
import { systemContext } from '../request-context.js';
import { fixedResourceSets } from '../resource-sets.js';
import { ServiceAllocation } from '../services/service-allocation.js';
import { ClusterUpkeep } from './cluster-upkeep.js';
import { KEEP_EVERY_MILLISECONDS } from './keep-system-objects.js';

let clock: FakeClock;
let storage: MemoryStorage;
let registry: Registry;
let upkeep: ClusterUpkeep;

const base = () => ({ clock, logger: silentLogger, signal: new AbortController().signal });

beforeEach(async () => {
  clock = new FakeClock();
  storage = new MemoryStorage();
  for (const name of ['main', 'lab', 'resting']) await storage.createCluster(base(), name);
  const allocation = new ServiceAllocation(
    storage,
    { clusterIps: '10.96.0.0/24', nodePorts: '30000-30100' },
    async () => '10.1.0.0/24',
  );
  const hooks = { '/services': allocation };
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything, hooks });
  const directory = new ClusterDirectory(base(), storage);
  await directory.start();
  upkeep = new ClusterUpkeep(base(), {
    registry,
    directory,
    except: ['main'],
    living: async () => [{ host: '127.0.0.2', port: 6443 }],
    serviceAddress: (ctx, cluster) => allocation.kubernetesAddress(ctx, cluster),
    serviceNetwork: (ctx, cluster) => allocation.defaultNetwork(ctx, cluster),
  });
  upkeep.start();
});

const LATEST = { revision: { at: 'latest' } } as const;
const namespaces = async (cluster: string) => {
  const { items } = await registry.get('', 'v1', 'namespaces').list(systemContext(base(), cluster), {}, LATEST);
  return items.map(({ key }) => key.name);
};

test('a cluster that is used gets what it must have, its own address of the API server included', async () => {
  upkeep.used('lab');
  clock.step(0);
  await vi.waitFor(async () => expect(await namespaces('lab')).toHaveLength(4));
  const services = registry.get('', 'v1', 'services');
  const place = { namespace: 'default', name: 'kubernetes' };
  await vi.waitFor(async () => {
    const service = services.decode(await services.get(systemContext(base(), 'lab'), place));
    expect(service.spec).toMatchObject({ clusterIP: '10.1.0.1' });
  });
});

test('a cluster lists the versions that are served in it, also one that was deleted', async () => {
  const ctx = systemContext(base(), 'lab');
  const services = registry.get('apiregistration.k8s.io', 'v1', 'apiservices');
  const names = async () => (await services.list(ctx, {}, LATEST)).items.map(({ key }) => key.name);
  await upkeep.make(ctx, 'lab');
  expect(await names()).toEqual(expect.arrayContaining(['v1.', 'v1.apps', 'v2.autoscaling']));
  await services.delete(ctx, { namespace: '', name: 'v1.apps' });
  expect(await names()).not.toContain('v1.apps');
  await upkeep.make(ctx, 'lab');
  expect(await names()).toContain('v1.apps');
});

test('clusters at rest are not looked at', async () => {
  await upkeep.make(systemContext(base(), 'lab'), 'lab');
  clock.step(1_000);
  clock.step(KEEP_EVERY_MILLISECONDS);
  await upkeep.stop();
  expect(await namespaces('resting')).toEqual([]);
});

test('a cluster that has what it must have is not written to', async () => {
  const ctx = systemContext(base(), 'lab');
  await upkeep.make(ctx, 'lab');
  const before = await storage.revision(ctx, 'lab');
  await upkeep.make(ctx, 'lab');
  expect(await storage.revision(ctx, 'lab')).toBe(before);
});

test('a namespace that was deleted is made again within ten seconds, and nothing is due after that', async () => {
  const ctx = systemContext(base(), 'lab');
  await upkeep.make(ctx, 'lab');
  const store = registry.get('', 'v1', 'namespaces');
  const place = { namespace: '', name: 'kube-public' };
  await store.update(ctx, place, (namespace) => ({ ...namespace, spec: {} }), { rules: 'none' });
  await store.delete(ctx, place);
  expect(await namespaces('lab')).not.toContain('kube-public');
  clock.step(1_000);
  clock.step(KEEP_EVERY_MILLISECONDS);
  await vi.waitFor(async () => expect(await namespaces('lab')).toContain('kube-public'));
});
