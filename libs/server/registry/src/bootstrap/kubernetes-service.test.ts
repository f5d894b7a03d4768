import { StorageError } from '@binnacle/server-storage';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { ServiceAllocation } from '../services/service-allocation.js';
import { type RegistryBench, registryBench } from '../testing/registry-bench.js';
import { publishEndpoints, publishKubernetesService, restoreKubernetesService } from './kubernetes-service.js';

const PLACE = { namespace: 'default', name: 'kubernetes' };
const ADDRESS = { clusterIp: '10.96.0.1', serviceNetwork: '10.96.0.0/16', host: '192.0.2.1', port: 6443 };
let bench: RegistryBench;
beforeEach(async () => {
  const ranges = { clusterIps: '10.96.0.0/24', nodePorts: '30000-30010' };
  bench = await registryBench({ hooks: (storage) => ({ '/services': new ServiceAllocation(storage, ranges) }) });
});

const service = async () => bench.store('services').decode(await bench.store('services').get(bench.ctx, PLACE));
const slices = () => bench.store('endpointslices', 'discovery.k8s.io');
async function published(): Promise<string[]> {
  const { items } = await slices().list(bench.ctx, { namespace: 'default' }, { revision: { at: 'latest' } });
  return items.map((item) => {
    const { metadata, addressType, endpoints, ports } = slices().decode(item) as unknown as {
      metadata: { name: string };
      addressType: string;
      endpoints: { addresses: string[] }[];
      ports: { port: number }[];
    };
    return `${metadata.name} ${addressType} ${endpoints.flatMap(({ addresses }) => addresses).join()}:${ports[0]?.port}`;
  });
}
const publish = (...endpoints: [host: string, port: number][]) =>
  publishEndpoints(
    bench.ctx,
    bench.registry,
    endpoints.map(([host, port]) => ({ host, port })),
  );

describe('the Service of the API server', () => {
  test('has the first address, and leads to the port it listens on', async () => {
    await publishKubernetesService(bench.ctx, bench.registry, ADDRESS);
    expect((await service()).spec).toMatchObject({
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, targetPort: 6443 }],
    });
  });

  test('is corrected in its port and in nothing else', async () => {
    await publishKubernetesService(bench.ctx, bench.registry, ADDRESS);
    const label = (current: UnstructuredObject) => ({
      ...current,
      metadata: { ...current.metadata, labels: { mine: 'yes' } },
    });
    await bench.store('services').update(bench.ctx, PLACE, label);
    await publishKubernetesService(bench.ctx, bench.registry, { ...ADDRESS, port: 7443 });
    expect(await service()).toMatchObject({
      metadata: { labels: { mine: 'yes' } },
      spec: { ports: [{ targetPort: 7443 }] },
    });
  });

  test('is not written where it is as it should be', async () => {
    await publishKubernetesService(bench.ctx, bench.registry, ADDRESS);
    bench.storage.writes = 0;
    await publishKubernetesService(bench.ctx, bench.registry, ADDRESS);
    expect(bench.storage.writes).toBe(0);
  });

  test('may be made by another server at the same moment', async () => {
    bench.storage.beforeNext(() => publishKubernetesService(bench.ctx, bench.replica, ADDRESS));
    await publishKubernetesService(bench.ctx, bench.registry, ADDRESS);
    expect((await service()).spec).toMatchObject({ clusterIP: '10.96.0.1' });
  });

  test('that cannot be made says why', async () => {
    bench.storage.beforeNext(() => {
      throw new StorageError('unavailable', 'the database is down');
    });
    await expect(publishKubernetesService(bench.ctx, bench.registry, ADDRESS)).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
    });
  });

  test('is made again where it is gone, and otherwise left as another server made it', async () => {
    await restoreKubernetesService(bench.ctx, bench.registry, ADDRESS);
    const { metadata } = await service();
    await restoreKubernetesService(bench.ctx, bench.registry, { ...ADDRESS, port: 7443 });
    expect((await service()).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });
});

describe('where the API servers are reached', () => {
  test('is told in one slice for those that listen alike, and in Endpoints that nobody mirrors', async () => {
    await publish(['192.0.2.1', 6443], ['192.0.2.2', 6443]);
    expect(await published()).toEqual(['kubernetes IPv4 192.0.2.1,192.0.2.2:6443']);
    const endpoints = bench.store('endpoints').decode(await bench.store('endpoints').get(bench.ctx, PLACE));
    expect(endpoints.metadata.labels).toEqual({ 'endpointslice.kubernetes.io/skip-mirror': 'true' });
    expect(endpoints.subsets).toMatchObject([
      { addresses: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }], ports: [{ port: 6443 }] },
    ]);
  });

  test('is told apart by ports and families, and what is no longer so is taken away', async () => {
    await publish(['192.0.2.1', 6443], ['192.0.2.1', 7443], ['2001:db8::1', 6443]);
    expect((await published()).sort()).toEqual([
      'kubernetes IPv4 192.0.2.1:6443',
      'kubernetes-ipv4-7443 IPv4 192.0.2.1:7443',
      'kubernetes-ipv6-6443 IPv6 2001:db8::1:6443',
    ]);
    await publish(['192.0.2.1', 6443]);
    expect(await published()).toEqual(['kubernetes IPv4 192.0.2.1:6443']);
  });

  test('is written when it changes, and not otherwise', async () => {
    await publish(['192.0.2.1', 6443]);
    bench.storage.writes = 0;
    await publish(['192.0.2.1', 6443]);
    expect(bench.storage.writes).toBe(0);
    await publish(['192.0.2.9', 6443]);
    expect(bench.storage.writes).toBe(2);
  });

  test('is put right where somebody changed it by hand', async () => {
    await publish(['192.0.2.1', 6443]);
    await slices().update(bench.ctx, PLACE, (current) => ({ ...current, endpoints: [] }));
    await publish(['192.0.2.1', 6443]);
    expect(await published()).toEqual(['kubernetes IPv4 192.0.2.1:6443']);
  });

  test('leaves slices of others alone', async () => {
    const others = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web', labels: { 'kubernetes.io/service-name': 'web' } },
    };
    await slices().create(
      bench.ctx,
      { namespace: 'default' },
      { ...others, addressType: 'IPv4', endpoints: [], ports: [{ port: 80 }] },
    );
    await publish(['192.0.2.1', 6443]);
    expect(await published()).toHaveLength(2);
  });
});
