import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { StorageError } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import type { EventfulStorage, RegistryBench } from '../testing/registry-bench.js';
import { registryBench } from '../testing/registry-bench.js';
import { Claims } from './claims.js';
import { ServiceAllocation } from './service-allocation.js';

/** Room for six addresses and three ports. */
const RANGES = { clusterIps: '10.96.0.0/29', nodePorts: '30000-30002' };
const NAMESPACE = { namespace: 'default' };
let bench: RegistryBench;
let allocation: ServiceAllocation;
beforeEach(async () => {
  const hooks = (storage: EventfulStorage) => {
    allocation = new ServiceAllocation(storage, RANGES);
    return { '/services': allocation };
  };
  bench = await registryBench({ hooks });
});

const services = () => bench.store('services');
const draft = (name: string, spec: object = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ports: [{ port: 80, protocol: 'TCP' }], ...spec },
});
const create = async (name: string, spec: object = {}, dryRun = false) =>
  services().decode(await services().create(bench.ctx, NAMESPACE, draft(name, spec), { dryRun })) as unknown as Service;
const place = (name: string) => ({ ...NAMESPACE, name });
const change = (name: string, spec: object) =>
  services().update(bench.ctx, place(name), (current) => ({
    ...current,
    spec: { ...(current.spec as object), ...spec },
  }));
const held = async (resource: string) => {
  const claims = await new Claims(bench.storage, `binnacle.dev/${resource}`).list(bench.ctx);
  return claims.map(({ value }) => value).sort();
};
const addresses = () => held('serviceaddresses');
const ports = () => held('servicenodeports');
const causes = (error: unknown) => (error as { details: { causes: { message: string }[] } }).details.causes[0]?.message;

describe('an address', () => {
  test('is given to each Service, and back with it', async () => {
    const [first, second] = [await create('a'), await create('b')];
    expect(first.spec?.clusterIP).toMatch(/^10\.96\.0\.[1-6]$/);
    expect(first.spec?.clusterIPs).toEqual([first.spec?.clusterIP]);
    expect(second.spec?.clusterIP).not.toBe(first.spec?.clusterIP);
    await services().delete(bench.ctx, place('a'));
    expect(await addresses()).toEqual([second.spec?.clusterIP]);
  });

  test('may be asked for by name, once, and in the range', async () => {
    expect((await create('a', { clusterIP: '10.96.0.4' })).spec?.clusterIPs).toEqual(['10.96.0.4']);
    const again = await create('b', { clusterIP: '10.96.0.4' }).catch((error: unknown) => error);
    expect(causes(again)).toMatch(/failed to allocate IP 10\.96\.0\.4: provided IP is already allocated$/);
    const outside = await create('b', { clusterIP: '10.97.0.4' }).catch((error: unknown) => error);
    expect(causes(outside)).toMatch(/is not in the valid range\. The range of valid IPs is 10\.96\.0\.0\/29$/);
  });

  test('is none of a headless Service, nor of another name for something outside', async () => {
    await create('headless', { clusterIP: 'None' });
    await create('outside', { type: 'ExternalName', externalName: 'example.com', ports: undefined });
    expect(await addresses()).toEqual([]);
  });

  test('is refused when there is none left', async () => {
    for (let at = 0; at < 6; at += 1) await create(`s${at}`);
    await expect(create('late')).rejects.toMatchObject({
      code: 500,
      message: expect.stringContaining('range is full'),
    });
  });

  test('is shown a dummy of by who only tries, and nobody loses one', async () => {
    const range = (await create('a', {}, true)).spec;
    expect([range?.clusterIP, range?.clusterIPs]).toEqual(['10.96.0.0', ['10.96.0.0']]);
    await create('b', { clusterIP: '10.96.0.4' });
    expect((await create('c', { clusterIP: '10.96.0.4' }, true)).spec?.clusterIP).toBe('10.96.0.4');
    const tried = await create('c', { clusterIP: '1.2.3.4' }, true).catch((error: unknown) => error);
    expect(causes(tried)).toMatch(/not in the valid range/);
    expect(await addresses()).toEqual(['10.96.0.4']);
  });

  test('is given back where the Service could not be written', async () => {
    await create('a', { clusterIP: '10.96.0.4' });
    await expect(create('a')).rejects.toMatchObject({ reason: 'AlreadyExists' });
    expect(await addresses()).toEqual(['10.96.0.4']);
  });

  test('is taken by a Service that becomes one with an address, and given back by one that becomes none', async () => {
    await create('a', { type: 'ExternalName', externalName: 'example.com', ports: undefined });
    await change('a', { type: 'ClusterIP', externalName: undefined, ports: [{ port: 80, protocol: 'TCP' }] });
    expect(await addresses()).toHaveLength(1);
    await change('a', {
      type: 'ExternalName',
      externalName: 'example.com',
      ports: undefined,
      clusterIP: '',
      clusterIPs: undefined,
    });
    expect(await addresses()).toEqual([]);
  });
});

describe('ports of nodes', () => {
  const port = (nodePort?: number, more: object = {}) => ({
    port: 80,
    protocol: 'TCP',
    ...(nodePort && { nodePort }),
    ...more,
  });

  test('are given to who asks for any, kept over changes, and given back with the type', async () => {
    const made = await create('a', { type: 'NodePort' });
    const given = String(made.spec?.ports?.[0]?.nodePort);
    await change('a', { selector: { app: 'web' } });
    expect(await ports()).toEqual([given]);
    await change('a', { type: 'ClusterIP', ports: [port()] });
    expect(await ports()).toEqual([]);
  });

  test('may be asked for by number, once, and in the range', async () => {
    await create('a', { type: 'NodePort', ports: [port(30_001)] });
    const again = await create('b', { type: 'NodePort', ports: [port(30_001)] }).catch((error: unknown) => error);
    expect(causes(again)).toMatch(/provided port is already allocated$/);
    const outside = await create('b', { type: 'NodePort', ports: [port(40_000)] }).catch((error: unknown) => error);
    expect(causes(outside)).toMatch(/not in the valid range\. The range of valid ports is 30000-30002$/);
    expect([await ports(), (await addresses()).length]).toEqual([['30001'], 1]);
  });

  test('are shared by protocols of one port', async () => {
    const both = [port(undefined, { name: 'tcp' }), port(undefined, { name: 'udp', protocol: 'UDP' })];
    const { spec } = await create('a', { type: 'NodePort', ports: both });
    expect(spec?.ports?.[0]?.nodePort).toBe(spec?.ports?.[1]?.nodePort);
    expect(await ports()).toHaveLength(1);
  });

  test('are given back all where one of them cannot be had, and the address too', async () => {
    await create('a', { type: 'NodePort', ports: [port(30_002)] });
    const some = [port(30_001, { name: 'a' }), port(30_002, { name: 'b', port: 81 })];
    await expect(create('b', { type: 'NodePort', ports: some })).rejects.toMatchObject({ reason: 'Invalid' });
    expect([await ports(), (await addresses()).length]).toEqual([['30002'], 1]);
  });

  test('of a balancer may be left out, but for that of its health', async () => {
    const { spec } = await create('a', {
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Local',
    });
    expect(spec?.ports?.[0]?.nodePort).toBeUndefined();
    expect(await ports()).toEqual([String(spec?.healthCheckNodePort)]);
  });
});

describe('families', () => {
  test.each([
    [{ ipFamilies: ['IPv6'] }, 'not configured on this cluster'],
    [{ ipFamilyPolicy: 'RequireDualStack' }, 'this cluster is not configured for dual-stack services'],
  ])('%j are none of this cluster', async (spec, why) => {
    const refused = await create('a', spec).catch((error: unknown) => error);
    expect(causes(refused)).toContain(why);
    expect(await addresses()).toEqual([]);
  });

  test('of a headless Service without a selector are its own business', async () => {
    await create('a', { clusterIP: 'None', ipFamilies: ['IPv6'], ipFamilyPolicy: 'RequireDualStack' });
    expect((await create('b', { ipFamilyPolicy: 'PreferDualStack' })).spec?.clusterIP).toBeDefined();
  });
});

describe('what a server that died left behind', () => {
  const claim = (value: string, resource: string) =>
    new Claims(bench.storage, `binnacle.dev/${resource}`).take(bench.ctx, value, {
      namespace: 'default',
      name: 'lost',
      uid: 'u',
    });

  test('is given back after five minutes, not a millisecond before, and what Services hold is kept', async () => {
    const { spec } = await create('a', { type: 'NodePort' });
    await claim('10.96.0.6', 'serviceaddresses').catch(() => undefined);
    const lost = ['30000', '30001', '30002'].find((one) => one !== String(spec?.ports?.[0]?.nodePort)) ?? '';
    await claim(lost, 'servicenodeports');
    bench.clock.step(5 * 60_000);
    await allocation.repair(bench.ctx, 'main');
    expect(await ports()).toHaveLength(2);
    bench.clock.step(1);
    await allocation.repair(bench.ctx, 'main');
    expect([await addresses(), await ports()]).toEqual([[spec?.clusterIP], [String(spec?.ports?.[0]?.nodePort)]]);
  });
});

test('a value that could not be given back is no failure of the deletion', async () => {
  await create('a');
  bench.storage.beforeNext(() => undefined);
  bench.storage.beforeNext(() => {
    throw new StorageError('unavailable', 'down');
  });
  await expect(services().delete(bench.ctx, place('a'))).resolves.toMatchObject({ removed: true });
  expect(await addresses()).toHaveLength(1);
});

test('the first address is that of the API server', async () => {
  expect(await allocation.kubernetesAddress(bench.ctx, 'main')).toBe('10.96.0.1');
});
