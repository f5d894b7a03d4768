import type { Endpoints, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { endpoints as fixture, pod, service } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { endpointsController } from './endpoints.controller.js';

let bench: LoopBench;
let services: Objects<Service>;
let endpoints: Objects<Endpoints>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [endpointsController(ctx, deps)]);
  services = bench.objects(refs.services);
  endpoints = bench.objects(refs.endpoints);
  pods = bench.objects(refs.pods);
});

const serve = (spec: object = {}) =>
  services.create(service({ spec: { clusterIP: undefined, clusterIPs: undefined, ...spec } }));
async function run(...names: string[]): Promise<void> {
  for (const name of names) await pods.create(pod({ metadata: { name, labels: { app: 'web' } } }));
  await bench.kubelet.run();
}
/** Ready and unready addresses, each with its Pod. */
async function addresses(): Promise<[ready: string[], unready: string[]]> {
  const [subset] = (await endpoints.get('web')).subsets ?? [];
  const pods = (list: NonNullable<typeof subset>['addresses'] = []) =>
    list.map(({ targetRef }) => targetRef?.name ?? '');
  return [pods(subset?.addresses), pods(subset?.notReadyAddresses)];
}

test('are the addresses of the Pods a Service chooses, as they come, fail and go', async () => {
  await serve();
  await bench.drain();
  expect((await endpoints.get('web')).subsets ?? []).toEqual([]);
  await run('a', 'b');
  await bench.advance(200);
  expect(await addresses()).toEqual([['a', 'b'], []]);
  await bench.kubelet.unready(({ metadata }) => metadata.name === 'b');
  await bench.advance(200);
  expect(await addresses()).toEqual([['a'], ['b']]);
  await pods.delete('a');
  await bench.advance(200);
  expect(await addresses()).toEqual([[], ['b']]);
});

test('are written once for all that changes within a moment, not a millisecond earlier', async () => {
  await serve();
  await bench.drain();
  await run('a', 'b', 'c');
  await bench.advance(199);
  expect((await endpoints.get('web')).subsets ?? []).toEqual([]);
  expect(await bench.advance(1)).toHaveLength(1);
  expect((await addresses())[0]).toHaveLength(3);
});

test('follow the Pod that is chosen no longer, and the Service that chooses otherwise', async () => {
  await serve();
  await run('a', 'b');
  await bench.advance(200);
  await pods.change('a', { metadata: { labels: { app: 'another' } } });
  await bench.advance(200);
  expect(await addresses()).toEqual([['b'], []]);
  await services.change('web', { spec: { selector: { app: 'another' } } });
  await bench.advance(200);
  expect(await addresses()).toEqual([['a'], []]);
});

describe('go', () => {
  beforeEach(async () => {
    await serve();
    await run('a');
    await bench.advance(200);
  });

  test('with their Service', async () => {
    await services.delete('web');
    await bench.advance(200);
    expect(await endpoints.find('web')).toBeUndefined();
  });

  test('with their Service also where that went while nobody was watching', async () => {
    await bench.stop();
    await services.delete('web');
    await bench.restart();
    await bench.advance(200);
    expect(await endpoints.find('web')).toBeUndefined();
  });

  test('for no time where only they were deleted', async () => {
    await endpoints.delete('web');
    await bench.advance(200);
    expect(await addresses()).toEqual([['a'], []]);
  });
});

describe('that others keep', () => {
  test('are left alone, with a Service or before there is one', async () => {
    await endpoints.create(fixture());
    await bench.restart();
    expect(await bench.advance(200)).toEqual([]);
    await serve({ selector: undefined });
    await bench.advance(200);
    expect((await endpoints.get('web')).subsets).toMatchObject([{ addresses: [{ ip: '10.244.0.1' }] }]);
  });

  test('are none of a Service that is another name for something outside', async () => {
    await services.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { type: 'ExternalName', externalName: 'example.com', selector: { app: 'web' } },
    });
    await bench.advance(200);
    expect(await endpoints.find('web')).toBeUndefined();
  });
});

test('that were changed meanwhile are written at the next try', async () => {
  await serve();
  await bench.advance(200);
  bench.api.hold(/endpoints\?.*watch=true/);
  await endpoints.change('web', { metadata: { annotations: { a: 'b' } } });
  await run('a');
  expect((await bench.advance(200)).map(({ error }) => error)).toMatchObject([{ reason: 'Conflict' }]);
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await addresses()).toEqual([['a'], []]);
  expect((await endpoints.get('web')).metadata.annotations).toEqual({ a: 'b' });
});

test('that somebody made a moment before are taken over', async () => {
  bench.api.hold(/endpoints\?.*watch=true/);
  await endpoints.create(fixture());
  await serve();
  await run('a');
  expect((await bench.advance(200)).find(({ error }) => error)?.error).toMatchObject({ reason: 'AlreadyExists' });
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await addresses()).toEqual([['a'], []]);
});
