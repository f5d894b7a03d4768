import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { expect, test } from 'vitest';
import { endpointCounts } from './service-status.js';

const slice = (service: string, addressType: string, conditions: object[]): EndpointSlice =>
  ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'a', labels: { 'kubernetes.io/service-name': service } },
    addressType,
    endpoints: conditions.map((condition) => ({ addresses: ['10.0.0.1'], conditions: condition })),
  }) as EndpointSlice;

test('counts endpoints over all slices of a Service', () => {
  const counts = endpointCounts([
    slice('web', 'IPv4', [{ ready: true }, {}]),
    slice('web', 'IPv4', [{ ready: false }]),
  ]);
  expect(counts.get('a/web')).toEqual({ ready: 2, total: 3 });
});

test('counts a Pod with addresses of two families once, and none that is on its way out', () => {
  const both = endpointCounts([slice('web', 'IPv4', [{ ready: true }]), slice('web', 'IPv6', [{ ready: true }])]);
  expect(both.get('a/web')).toEqual({ ready: 1, total: 1 });
  const going = endpointCounts([slice('web', 'IPv4', [{ ready: true }, { ready: false, terminating: true }])]);
  expect(going.get('a/web')).toEqual({ ready: 1, total: 1 });
});
