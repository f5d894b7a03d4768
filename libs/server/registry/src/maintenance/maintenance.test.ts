import { fixedResourceSets } from '../resource-sets.js';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, formatTime, silentLogger } from '@binnacle/machinery-context';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { admitEverything } from '../admission.js';
import { Registry } from '../registry.js';
import { type RequestContext, systemContext } from '../request-context.js';
import { ServiceAllocation } from '../services/service-allocation.js';
import { expireEvents } from './event-expiry.js';

const HOUR = 60 * 60_000;
let clock: FakeClock;
let ctx: RequestContext;
let storage: MemoryStorage;
let registry: Registry;
let allocation: ServiceAllocation;
beforeEach(async () => {
  clock = new FakeClock();
  storage = new MemoryStorage();
  const base = { clock, logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  allocation = new ServiceAllocation(storage, { clusterIps: '10.96.0.0/24', nodePorts: '30000-30100' });
  registry = new Registry({
    sets: fixedResourceSets(builtinResources),
    storage,
    admission: admitEverything,
    hooks: { '/services': allocation },
  });
});

function event(name: string, extra: object = {}) {
  const involvedObject = { kind: 'Pod', namespace: 'default', name: 'p' };
  const object = { apiVersion: 'v1', kind: 'Event', metadata: { name }, involvedObject, ...extra };
  return registry.get('', 'v1', 'events').create(ctx, { namespace: 'default' }, object);
}

test('an Event goes an hour after it was last heard of', async () => {
  await event('old');
  await event('repeated', { lastTimestamp: formatTime(clock.now() + HOUR) });
  clock.step(HOUR - 2000);
  await event('new');
  expect(await expireEvents(ctx, storage, 'main')).toBe(0);
  clock.step(10_000);
  expect(await expireEvents(ctx, storage, 'main')).toBe(1);
  const { items } = await registry.get('', 'v1', 'events').list(ctx, {}, { revision: { at: 'latest' } });
  expect(items.map(({ key }) => key.name)).toEqual(['new', 'repeated']);
});

test('what no Service holds is given back, but not what may just be being taken', async () => {
  const services = registry.get('', 'v1', 'services');
  const spec = () => ({ type: 'NodePort', ports: [{ port: 80 }] });
  const kept = await services.create(
    ctx,
    { namespace: 'default' },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kept' },
      spec: spec(),
    },
  );
  // A server that dies after claiming and before writing leaves this behind.
  const lost = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'lost', namespace: 'default', uid: 'u' },
    spec: spec(),
  };
  await allocation.beforeCreate(ctx, lost, false);
  const claims = async () =>
    (
      await storage.list(
        ctx,
        { cluster: 'main', resource: 'networking.k8s.io/ipaddresses' },
        { revision: { at: 'latest' } },
      )
    ).items;
  await allocation.repair(ctx, 'main');
  expect(await claims()).toHaveLength(2);
  clock.step(10 * 60_000);
  await allocation.repair(ctx, 'main');
  const { clusterIP } = services.decode(kept).spec as { clusterIP: string };
  expect((await claims()).map(({ key }) => key.name)).toEqual([clusterIP]);
});
