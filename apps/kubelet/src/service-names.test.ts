import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Lister } from '@binnacle/client-informers';
import { describe, expect, test } from 'vitest';
import { serviceNames } from './service-names.js';

const service = (spec: Service['spec']): Service => ({ apiVersion: 'v1', kind: 'Service', metadata: {}, spec });
const known: Record<string, Service> = {
  'shop/web': service({ clusterIP: '10.96.0.5' }),
  'shop/direct': service({ clusterIP: 'None' }),
  'shop/empty': service({ clusterIP: 'None' }),
  'shop/alias': service({ type: 'ExternalName', externalName: 'web.shop.svc.cluster.local' }),
  'shop/outside': service({ type: 'ExternalName', externalName: 'example.com' }),
  'shop/circle': service({ type: 'ExternalName', externalName: 'circle.shop.svc.cluster.local' }),
};
const endpoint = (address: string, hostname: string, ready = true): Endpoint => ({
  addresses: [address],
  hostname,
  conditions: { ready },
});
const slice: EndpointSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'direct-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'direct' } },
  addressType: 'IPv4',
  endpoints: [endpoint('10.244.0.1', 'a'), endpoint('10.244.0.2', 'b'), endpoint('10.244.0.3', 'c', false)],
};
const services: Lister<Service> = { get: (key) => known[key], list: () => [], byIndex: () => [] };
const slices: Lister<EndpointSlice> = {
  get: () => undefined,
  list: (namespace) => (namespace === 'shop' ? [slice] : []),
  byIndex: () => [],
};

describe('the name of', () => {
  const resolve = serviceNames(services, slices);
  test.each([
    ['web', 'shop', '10.96.0.5'],
    ['web', 'other', undefined],
    ['web.shop', 'other', '10.96.0.5'],
    ['web.shop.svc', 'other', '10.96.0.5'],
    ['web.shop.svc.cluster.local', 'other', '10.96.0.5'],
    ['web.shop.svc.cluster.local.', 'other', '10.96.0.5'],
    ['empty', 'shop', undefined],
    ['example.com.org', 'shop', undefined],
    ['alias', 'shop', '10.96.0.5'],
    ['alias.shop', 'other', '10.96.0.5'],
    ['outside', 'shop', undefined],
    ['circle', 'shop', undefined],
    ['a.direct', 'shop', '10.244.0.1'],
    ['b.direct.shop.svc.cluster.local', 'other', '10.244.0.2'],
    ['b.direct.shop', 'other', '10.244.0.2'],
    ['c.direct', 'shop', undefined],
    ['a.web', 'shop', undefined],
    ['a.alias', 'shop', undefined],
  ])('%s asked in %s is %s', (name, namespace, address) => {
    expect(resolve(name, namespace)).toBe(address);
  });
});

test('a headless Service is each of its ready Pods in turn', () => {
  const resolve = serviceNames(services, slices);
  const asked = Array.from({ length: 4 }, () => resolve('direct.shop.svc.cluster.local', 'other'));
  expect(new Set(asked)).toEqual(new Set(['10.244.0.1', '10.244.0.2']));
  expect(asked[0]).not.toBe(asked[1]);
});
