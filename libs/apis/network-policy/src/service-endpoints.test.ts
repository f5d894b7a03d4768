import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { expect, test } from 'vitest';
import { endpointsIn, programOf } from './service-endpoints.js';

const slice: EndpointSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {},
  addressType: 'IPv4',
  ports: [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'dns', port: 5353, protocol: 'UDP' },
  ],
  endpoints: [
    { addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'web-1' } },
    { addresses: ['10.0.0.2'], conditions: { ready: false } },
    { addresses: ['10.0.0.3'], conditions: { ready: false, serving: true }, targetRef: { kind: 'Node', name: 'n' } },
  ],
};

test('connections end at endpoints that are ready or still serve, at the port they have', () => {
  expect(endpointsIn(slice, { name: 'http', port: 80 })).toEqual([
    { ip: '10.0.0.1', port: 8080, pod: 'web-1' },
    { ip: '10.0.0.3', port: 8080 },
  ]);
  expect(endpointsIn(slice, { name: 'dns', port: 53, protocol: 'UDP' })).toMatchObject([
    { port: 5353 },
    { port: 5353 },
  ]);
});

test.each([
  ['another name', { name: 'https', port: 80 }],
  ['no name', { port: 80 }],
  ['another protocol', { name: 'dns', port: 53 }],
])('of a port of %s there are none', (_, port) => {
  expect(endpointsIn(slice, port)).toEqual([]);
});

test('a program of the installation is as a Pod with the labels of its Service', () => {
  const service = (proxy?: string): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-dns', ...(proxy && { 'service.kubernetes.io/service-proxy-name': proxy }) },
    },
    spec: { selector: { app: 'x' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { port: 9 }] },
  });
  expect(programOf(service('binnacle-dns'))).toMatchObject({
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns', app: 'x' },
    hostNetwork: false,
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: '', port: 9, protocol: 'TCP' },
    ],
  });
  expect([programOf(service()), programOf(service('cilium'))]).toEqual([undefined, undefined]);
});
