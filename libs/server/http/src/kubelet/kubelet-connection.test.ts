import { expect, test } from 'vitest';
import { kubeletAddress } from './kubelet-connection.js';

const node = (...addresses: Array<{ type: string; address: string }>) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  status: { addresses, daemonEndpoints: { kubeletEndpoint: { Port: 10_251 } } },
});

test('a kubelet is dialled at its first internal address', () => {
  const external = { type: 'ExternalIP', address: '198.51.100.7' };
  const internal = { type: 'InternalIP', address: '192.0.2.7' };
  expect(kubeletAddress(node(external, internal))).toEqual({ host: '192.0.2.7', port: 10_251 });
});

test.each([
  ['Hostname', 'worker'],
  ['InternalIP', 'somewhere.example'],
  ['InternalIP', ''],
])('no name is resolved: %s %j', (type, address) => {
  expect(kubeletAddress(node({ type, address }))).toBeUndefined();
});
