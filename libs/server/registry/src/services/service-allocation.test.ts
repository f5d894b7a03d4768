import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { StorageError } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import type { EventfulStorage, RegistryBench } from '../testing/registry-bench.js';
import { registryBench } from '../testing/registry-bench.js';
import { type ClaimForm, Claims, privateForm } from './claims.js';
import { ipAddressForm } from './ip-address-form.js';
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
const claimsOf = (form: ClaimForm) => new Claims(bench.storage, form);
const held = async (form: ClaimForm) => (await claimsOf(form).list(bench.ctx)).map(({ value }) => value).sort();
const PORTS = privateForm('binnacle.dev/servicenodeports');
const addresses = () => held(ipAddressForm);
const ports = () => held(PORTS);
const addressObjects = () => bench.store('ipaddresses', 'networking.k8s.io');
const ranges = () => bench.store('servicecidrs', 'networking.k8s.io');
const range = (name: string, ...cidrs: string[]): UnstructuredObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name },
  spec: { cidrs },
});
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
  const claim = (value: string, form: ClaimForm) =>
    claimsOf(form).take(bench.ctx, value, { namespace: 'default', name: 'lost', uid: 'u' });

  test('is given back after five minutes, not a millisecond before, and what Services hold is kept', async () => {
    const { spec } = await create('a', { type: 'NodePort' });
    await claim('10.96.0.6', ipAddressForm);
    const lost = ['30000', '30001', '30002'].find((one) => one !== String(spec?.ports?.[0]?.nodePort)) ?? '';
    await claim(lost, PORTS);
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

describe('an IPAddress', () => {
  test('tells of each address who has it', async () => {
    const { spec } = await create('a');
    const ip = spec?.clusterIP ?? '';
    const stored = await addressObjects().get(bench.ctx, { namespace: '', name: ip });
    const { managedFields: _, ...metadata } = addressObjects().decode(stored).metadata;
    expect(addressObjects().decode(stored)).toMatchObject({
      kind: 'IPAddress',
      spec: { parentRef: { resource: 'services', namespace: 'default', name: 'a' } },
    });
    expect(metadata).toMatchObject({
      name: ip,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      labels: {
        'ipaddress.kubernetes.io/ip-family': 'IPv4',
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      },
    });
    await services().delete(bench.ctx, place('a'));
    await expect(addressObjects().get(bench.ctx, { namespace: '', name: ip })).rejects.toMatchObject({ code: 404 });
  });

  test('that somebody made takes the address, and stays theirs', async () => {
    const parentRef = { resource: 'services', namespace: 'default', name: 'other' };
    const own = { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata: { name: '10.96.0.4' } };
    await addressObjects().create(bench.ctx, { namespace: '' }, { ...own, spec: { parentRef } });
    await expect(create('a', { clusterIP: '10.96.0.4' })).rejects.toMatchObject({ reason: 'Invalid' });
    bench.clock.step(6 * 60_000);
    await allocation.repair(bench.ctx, 'main');
    await expect(addressObjects().get(bench.ctx, { namespace: '', name: '10.96.0.4' })).resolves.toBeDefined();
  });

  test('that is gone or names another Service is made again', async () => {
    await create('a', { clusterIP: '10.96.0.4' });
    await create('b', { clusterIP: '10.96.0.5' });
    await addressObjects().delete(bench.ctx, { namespace: '', name: '10.96.0.4' });
    await claimsOf(ipAddressForm).release(bench.ctx, '10.96.0.5');
    await claimsOf(ipAddressForm).take(bench.ctx, '10.96.0.5', { namespace: 'default', name: 'a', uid: '' });
    await allocation.repair(bench.ctx, 'main');
    const claims = await claimsOf(ipAddressForm).list(bench.ctx);
    expect(claims.map(({ value, claimant }) => [value, claimant.name]).sort()).toEqual([
      ['10.96.0.4', 'a'],
      ['10.96.0.5', 'b'],
    ]);
  });

  test('is made of what an older version noted, before anything is given away', async () => {
    const former = privateForm('binnacle.dev/serviceaddresses');
    await create('a', { clusterIP: '10.96.0.4' });
    await claimsOf(ipAddressForm).release(bench.ctx, '10.96.0.4');
    await claimsOf(former).take(bench.ctx, '10.96.0.4', { namespace: 'default', name: 'a', uid: '' });
    allocation = new ServiceAllocation(bench.storage, RANGES);
    const draftOfB = draft('b', { clusterIP: '10.96.0.4', clusterIPs: ['10.96.0.4'] });
    await expect(allocation.beforeCreate(bench.ctx, draftOfB, false)).rejects.toMatchObject({ reason: 'Invalid' });
    expect([await addresses(), await held(former)]).toEqual([['10.96.0.4'], []]);
  });
});

describe('ranges', () => {
  test('are those of ServiceCIDRs that are ready, the server’s own first', async () => {
    await ranges().create(bench.ctx, { namespace: '' }, range('more', '10.97.0.0/29'));
    await ranges().create(bench.ctx, { namespace: '' }, range('kubernetes', '10.96.0.0/30'));
    expect((await create('named', { clusterIP: '10.97.0.6' })).spec?.clusterIP).toBe('10.97.0.6');
    const given = [await create('a'), await create('b'), await create('c')].map(({ spec }) => spec?.clusterIP);
    expect(given.slice(0, 2).sort()).toEqual(['10.96.0.1', '10.96.0.2']);
    expect(given[2]).toMatch(/^10\.97\.0\.[1-5]$/);
  });

  test('give nothing while they are not', async () => {
    await ranges().create(bench.ctx, { namespace: '' }, range('kubernetes', '10.96.0.0/29'));
    const conditions = [
      { type: 'Ready', status: 'False', reason: 'Terminating', lastTransitionTime: '2026-01-01T00:00:00Z' },
    ];
    await ranges().update(
      bench.ctx,
      { namespace: '', name: 'kubernetes' },
      (current) => ({ ...current, status: { conditions } }),
      { rules: 'status', subresource: 'status' },
    );
    await expect(create('a')).rejects.toMatchObject({ message: expect.stringContaining('range is full') });
    const named = await create('a', { clusterIP: '10.96.0.4' }).catch((error: unknown) => error);
    expect(causes(named)).toContain('failed to allocate IP 10.96.0.4');
  });
});
