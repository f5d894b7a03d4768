import { resources } from '@binnacle/apis-kubernetes/registry';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { MemoryStorage } from '@binnacle/server-storage';
import { expect, test, vi } from 'vitest';
import { admitEverything } from '../admission.js';
import { Registry } from '../registry.js';
import { systemContext } from '../request-context.js';
import { ServiceAllocation } from '../services/service-allocation.js';
import { KEEP_EVERY_MILLISECONDS, keepSystemObjects } from './keep-system-objects.js';
import { publishKubernetesService } from './kubernetes-service.js';
import { createSystemObjects } from './system-objects.js';

const address = { clusterIp: '10.96.0.1', host: '127.0.0.2', port: 6443 };
const SERVICE = { namespace: 'default', name: 'kubernetes' };
const LEASES = { namespace: '', name: 'kube-node-lease' };

test('what every cluster must have is made again, and what is there is left alone', async () => {
  const clock = new FakeClock();
  const storage = new MemoryStorage();
  const stop = new AbortController();
  const base = { clock, logger: silentLogger, signal: stop.signal };
  await storage.createCluster(base, 'main');
  const ctx = systemContext(base, 'main');
  const allocation = new ServiceAllocation(storage, { clusterIps: '10.96.0.0/24', nodePorts: '30000-30100' });
  const hooks = { '/services': allocation };
  const registry = new Registry({ definitions: resources, storage, admission: admitEverything, hooks });
  await createSystemObjects(ctx, registry);
  await publishKubernetesService(ctx, registry, address);
  const services = registry.get('', 'v1', 'services');
  const endpoints = registry.get('', 'v1', 'endpoints');
  const namespaces = registry.get('', 'v1', 'namespaces');
  const keeping = keepSystemObjects(ctx, registry, { ...address, host: '127.0.0.3' });
  await services.delete(ctx, SERVICE);
  await namespaces.update(ctx, LEASES, (namespace) => ({ ...namespace, spec: {} }), { rules: 'none' });
  await namespaces.delete(ctx, LEASES);
  await expect(namespaces.get(ctx, LEASES)).rejects.toThrow('not found');

  await vi.waitFor(() => expect(clock.pending).toBe(1));
  clock.step(KEEP_EVERY_MILLISECONDS);
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  expect(services.decode(await services.get(ctx, SERVICE)).spec).toMatchObject({ clusterIP: '10.96.0.1' });
  await expect(namespaces.get(ctx, LEASES)).resolves.toBeDefined();
  // Another API server's address.
  expect(endpoints.decode(await endpoints.get(ctx, SERVICE)).subsets).toMatchObject([
    { addresses: [{ ip: '127.0.0.2' }] },
  ]);
  stop.abort();
  await keeping;
});
