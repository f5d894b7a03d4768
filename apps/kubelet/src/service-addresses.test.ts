import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { ServiceFinder } from './service-addresses.js';

const service = (name: string, spec: Service['spec'], status: Service['status'] = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec,
  status,
});
const services = [
  service(
    'web',
    { clusterIP: '10.96.0.20', externalIPs: ['10.97.0.9', '127.0.0.53'], ports: [{ port: 80, nodePort: 30_080 }] },
    { loadBalancer: { ingress: [{ ip: '127.97.0.1' }, { hostname: 'elsewhere.example' }] } },
  ),
  service('dns', { clusterIPs: ['10.96.0.10'], ports: [{ port: 53, protocol: 'UDP' }] }),
  service('far', { clusterIP: '10.1.16.20', ports: [{ port: 80 }] }),
  service('external', { type: 'ExternalName', externalName: 'example.org' }),
];
const finder = new ServiceFinder(
  { list: () => services },
  {
    nodeAt: (ip) => (ip === '127.0.0.11' ? 'worker-1' : undefined),
    isOwn: (ip) => ip.startsWith('10.96.'),
    isExternal: (ip) => /^(10|127)\.97\./.test(ip),
  },
);

test.each([
  ['its own', '10.96.0.20', 80, 'tcp', true],
  ['its own, at another port', '10.96.0.20', 30_080, 'tcp', false],
  ["a node's", '127.0.0.11', 30_080, 'tcp', true],
  ["a node's, at a port of its own", '127.0.0.11', 80, 'tcp', false],
  ['of a load balancer', '127.97.0.1', 80, 'tcp', true],
  ['of a load balancer, as the cluster has it', '10.97.0.1', 80, 'tcp', true],
  ['of a load balancer, at its node port', '10.97.0.1', 30_080, 'tcp', false],
  ['given by hand', '127.97.0.9', 80, 'tcp', true],
  ['given by hand, of the machine', '127.0.0.53', 80, 'tcp', false],
  ['by another protocol', '10.96.0.10', 53, 'tcp', false],
  ['by its protocol', '10.96.0.10', 53, 'udp', true],
  ["another cluster's", '10.1.16.20', 80, 'tcp', false],
  ['of nobody', '10.97.0.77', 80, 'tcp', false],
] as const)('whether a Service answers at an address %s', (_, ip, port, transport, expected) => {
  expect(finder.find(ip, port, transport) !== undefined).toBe(expected);
});
