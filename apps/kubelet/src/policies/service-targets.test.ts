import type { Service, ServiceSpec } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { IndexedStore } from '@binnacle/client-informers';
import { describe, expect, test } from 'vitest';
import { ServiceFinder } from '../service-addresses.js';
import { ServiceTargets } from './service-targets.js';

const service = (name: string, spec: ServiceSpec, more: Partial<Service> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  ...more,
  metadata: { name, namespace: 'shop', ...more.metadata },
  spec,
});
const slice = (
  name: string,
  owner: string,
  endpoints: EndpointSlice['endpoints'],
  port: number | undefined = 8080,
) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': owner } },
  addressType: 'IPv4',
  ports: [{ name: 'http', port, protocol: 'TCP' }],
  endpoints,
});

const HTTP = { name: 'http', port: 80, nodePort: 30_080 };
const web = service(
  'web',
  {
    clusterIP: '10.96.0.5',
    clusterIPs: ['10.96.0.5'],
    externalIPs: ['192.0.2.1'],
    ports: [HTTP, { name: 'udp', port: 80, protocol: 'UDP' }],
  },
  { status: { loadBalancer: { ingress: [{ ip: '127.97.0.1' }] } } },
);
const dns = service(
  'kube-dns',
  { clusterIP: '10.96.0.10', selector: { app: 'x' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
  {
    metadata: {
      name: 'kube-dns',
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-dns', 'service.kubernetes.io/service-proxy-name': 'binnacle-dns' },
    },
  },
);
const elsewhere = service('else', { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] });

const slices = new IndexedStore<EndpointSlice>();
slices.put(
  slice('web-1', 'web', [{ addresses: ['10.244.0.1'] }, { addresses: ['10.244.0.2'], conditions: { ready: false } }]),
);
slices.put(
  slice('web-2', 'web', [
    { addresses: ['10.244.0.3'], conditions: { ready: false, serving: true, terminating: true } },
  ]),
);
slices.put(slice('other', 'other', [{ addresses: ['10.244.0.9'] }]));
const finder = new ServiceFinder(
  { list: () => [elsewhere, web, dns] },
  {
    nodeAt: (ip) => (ip === '127.0.0.11' ? 'n1' : undefined),
    isOwn: (ip) => ip.startsWith('10.96.'),
    isExternal: (ip) => /^(10|127)\.97\.|^192\./.test(ip),
  },
);
const targets = new ServiceTargets(finder, slices);
const at = (ip: string, port: number, transport: 'tcp' | 'udp' = 'tcp') => targets.at({ ip, port, transport });

describe('a connection to', () => {
  test.each([
    ['its own address', '10.96.0.5', 80],
    ['an address somebody gave it', '192.0.2.1', 80],
    ['its load balancer', '127.97.0.1', 80],
    ["its port at a node's address", '127.0.0.11', 30_080],
  ])('a Service, at %s, ends at an endpoint', (_, ip, port) => {
    expect(at(ip, port)).toEqual([
      { ip: '10.244.0.1', port: 8080 },
      { ip: '10.244.0.3', port: 8080 },
    ]);
  });

  test.each([
    ['another port', '10.96.0.5', 81],
    ['a node port at another address', '10.96.0.5', 30_080],
    ['a port at a node', '127.0.0.11', 80],
    ['another address', '10.96.0.6', 80],
  ])('%s is to no Service', (_, ip, port) => {
    expect(at(ip, port)).toBeUndefined();
  });

  test('a Service without endpoints ends nowhere', () => {
    expect(at('10.96.0.5', 80, 'udp')).toEqual([]);
  });

  test("the cluster's DNS ends at a program, which is as a Pod with the Service's labels", () => {
    const [target, ...more] = at('10.96.0.10', 53, 'udp') ?? [];
    expect([target?.ip, target?.port, more]).toEqual(['10.96.0.10', 53, []]);
    expect(target?.program).toMatchObject({
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-dns', app: 'x' },
      hostNetwork: false,
      ports: [{ name: 'dns', port: 53, protocol: 'UDP' }],
    });
    expect(at('10.96.0.10', 53)).toBeUndefined();
  });
});

test('a program is known by an address of its Service, and nobody else is', () => {
  expect(targets.programAt('10.96.0.10')?.name).toBe('kube-dns');
  expect(targets.programAt('10.96.0.5')).toBeUndefined();
});
