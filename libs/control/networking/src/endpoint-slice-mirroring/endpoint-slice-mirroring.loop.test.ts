import type { Endpoints, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { endpoints as fixture, service } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { endpointSliceMirroringController } from './endpoint-slice-mirroring.controller.js';

let bench: LoopBench;
let services: Objects<Service>;
let endpoints: Objects<Endpoints>;
let slices: Objects<EndpointSlice>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [endpointSliceMirroringController(ctx, deps)]);
  services = bench.objects(refs.services);
  endpoints = bench.objects(refs.endpoints);
  slices = bench.objects(refs.endpointslices);
});

const serve = (selector?: Record<string, string>) =>
  services.create(service({ spec: { clusterIP: undefined, clusterIPs: undefined, selector } }));
const addresses = async () =>
  (await slices.list()).flatMap(({ endpoints: list }) => (list ?? []).flatMap((one) => one.addresses)).sort();
const subset = (...ips: string[]) => ({ addresses: ips.map((ip) => ({ ip })), ports: [{ port: 5432 }] });

test('Endpoints kept by hand are mirrored whichever of them and their Service comes first', async () => {
  await endpoints.create(fixture());
  await bench.drain();
  expect(await slices.list()).toEqual([]);
  await serve();
  await bench.drain();
  expect(await slices.list()).toMatchObject([
    {
      metadata: {
        labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' },
        ownerReferences: [{ kind: 'Endpoints', name: 'web' }],
      },
      ports: [{ port: 8080 }],
    },
  ]);
});

describe('what is mirrored', () => {
  beforeEach(async () => {
    await serve();
    await endpoints.create(fixture({ subsets: [subset('10.9.0.1')] }));
    await bench.drain();
  });

  test('follows the Endpoints', async () => {
    await endpoints.change('web', { subsets: [subset('10.9.0.1', '10.9.0.2')] });
    await bench.drain();
    expect(await addresses()).toEqual(['10.9.0.1', '10.9.0.2']);
    await endpoints.change('web', { subsets: [] });
    await bench.drain();
    expect(await addresses()).toEqual([]);
  });

  test.each([
    ['they go', () => endpoints.delete('web')],
    ['their Service goes', () => services.delete('web')],
    ['their Service begins to choose Pods', () => services.change('web', { spec: { selector: { app: 'web' } } })],
    ['they say that it should not be', () => skip()],
  ])('goes where %s', async (_, act) => {
    await act();
    await bench.drain();
    expect(await slices.list()).toEqual([]);
  });
  const skip = () =>
    endpoints.change('web', { metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } } });

  test('is put right where it was changed or deleted by hand', async () => {
    const [slice] = await slices.list();
    await slices.change(slice?.metadata.name ?? '', { endpoints: [] });
    await bench.drain();
    expect(await addresses()).toEqual(['10.9.0.1']);
    await slices.delete((await slices.list())[0]?.metadata.name ?? '');
    await bench.drain();
    expect(await addresses()).toEqual(['10.9.0.1']);
  });

  test('is right after a restart that missed everything', async () => {
    await bench.stop();
    await endpoints.change('web', { subsets: [subset('10.9.0.3')] });
    await bench.restart();
    await bench.drain();
    expect(await addresses()).toEqual(['10.9.0.3']);
  });

  test('is written at the next try where another changed it meanwhile', async () => {
    bench.api.hold(/endpointslices\?.*watch=true/);
    const [slice] = await slices.list();
    await slices.change(slice?.metadata.name ?? '', { metadata: { annotations: { a: 'b' } } });
    await endpoints.change('web', { subsets: [subset('10.9.0.3')] });
    expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
    bench.api.hold(undefined);
    await bench.advance(1_000);
    expect(await addresses()).toEqual(['10.9.0.3']);
  });
});

test('what is more than can be mirrored is left out and told of', async () => {
  await serve();
  const ips = Array.from({ length: 1_001 }, (_, index) => `10.9.${index >> 8}.${index & 255}`);
  await endpoints.create(fixture({ subsets: [subset(...ips)] }));
  await bench.drain();
  expect(await addresses()).toHaveLength(1_000);
  expect(await bench.events()).toEqual([
    'Endpoints/web TooManyAddressesToMirror: A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. 1 addresses were skipped',
  ]);
});
