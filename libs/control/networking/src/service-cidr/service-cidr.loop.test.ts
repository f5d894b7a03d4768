import type { IPAddress, ServiceCIDR } from '@binnacle/apis-kubernetes/networking/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { serviceCidrController } from './service-cidr.controller.js';

let bench: LoopBench;
let ranges: Objects<ServiceCIDR>;
let addresses: Objects<IPAddress>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [serviceCidrController(ctx, deps)]);
  ranges = bench.objects(refs.servicecidrs);
  addresses = bench.objects(refs.ipaddresses);
});

const apiVersion = 'networking.k8s.io/v1';
const make = (name: string, cidr: string) =>
  ranges.create({ apiVersion, kind: 'ServiceCIDR', metadata: { name }, spec: { cidrs: [cidr] } });
const readiness = async (name: string) => {
  const { status } = await ranges.get(name);
  return status?.conditions?.map(({ type, status: is, reason }) => `${type}=${is} ${reason}`.trim());
};

test('a range is ready and protected, and kept while Services have addresses of it', async () => {
  await make('more', '10.99.0.0/24');
  await bench.drain();
  expect(await readiness('more')).toEqual(['Ready=True']);
  expect((await ranges.get('more')).metadata.finalizers).toEqual(['networking.k8s.io/service-cidr-finalizer']);

  const labels = { 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' };
  const parentRef = { resource: 'services', namespace: 'default', name: 'web' };
  await addresses.create({
    apiVersion,
    kind: 'IPAddress',
    metadata: { name: '10.99.0.7', labels },
    spec: { parentRef },
  });
  await ranges.delete('more');
  await bench.drain();
  expect(await readiness('more')).toEqual(['Ready=False Terminating']);

  await addresses.delete('10.99.0.7');
  await bench.advance(10_000);
  await expect(ranges.get('more')).rejects.toMatchObject({ code: 404 });
});

test('a range goes once another holds what it was kept for', async () => {
  await make('more', '10.99.0.0/24');
  await bench.drain();
  await ranges.delete('more');
  await make('wide', '10.99.0.0/16');
  await bench.advance(10_000);
  await expect(ranges.get('more')).rejects.toMatchObject({ code: 404 });
  expect(await readiness('wide')).toEqual(['Ready=True']);
});
