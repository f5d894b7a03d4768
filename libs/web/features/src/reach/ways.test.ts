import { runningPod, service } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { isLoopback, podWays, serviceWays } from './ways.js';

const here = { cluster: 'main', isHere: true };
const web = runningPod('n', '10.244.1.5', {
  metadata: { name: 'web' },
  spec: {
    containers: [
      {
        name: 'c',
        image: 'i',
        ports: [
          { containerPort: 80, name: 'http' },
          { containerPort: 5353, protocol: 'UDP' },
        ],
      },
    ],
  },
});

test('a Pod answers where the wire carries it, and anywhere by a command', () => {
  expect(podWays(web, here)).toEqual([
    {
      port: 'http 80/TCP',
      addresses: ['127.244.1.5:20080', '127.244.1.5:80'],
      command: 'kubectl port-forward -n default pod/web 8080:80',
    },
    { port: '5353/UDP', addresses: ['127.244.1.5:5353'], command: undefined },
  ]);
  expect(podWays(web, { ...here, isHere: false }).flatMap(({ addresses }) => addresses)).toEqual([]);
});

test('a Service besides at its node port, which in other clusters is not this machine’s', () => {
  const ports = [{ port: 8080, nodePort: 30080, protocol: 'TCP' }];
  const found = service({ metadata: { name: 'shop' }, spec: { type: 'NodePort', clusterIP: '10.96.0.9', ports } });
  expect(serviceWays(found, here)).toMatchObject([
    {
      addresses: ['127.0.0.1:30080', '127.96.0.9:8080'],
      command: 'kubectl port-forward -n default service/shop 8080:8080',
    },
  ]);
  expect(serviceWays(found, { ...here, cluster: 'team-a' })[0]?.addresses).toEqual(['127.96.0.9:8080']);
  expect(serviceWays(service({ spec: { clusterIP: 'None', ports } }), here)[0]?.addresses).toEqual(['127.0.0.1:30080']);
  expect(serviceWays(service({ spec: { type: 'ExternalName', externalName: 'x.example' } }), here)).toEqual([]);
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['192.168.1.2', false],
  ['127.0.0.1.example.com', false],
])('%s is this machine: %s', (host, is) => expect(isLoopback(host)).toBe(is));
