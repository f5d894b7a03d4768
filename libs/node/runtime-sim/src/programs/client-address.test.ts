import { expect, test } from 'vitest';
import { clientOf, clusterAddress } from './client-address.js';

test.each([
  ['127.244.1.5', '10.244.1.5'],
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.12', '127.0.0.12'],
  ['192.0.2.1', '192.0.2.1'],
])('%s is %s in the cluster', (host, address) => {
  expect(clusterAddress(host)).toBe(address);
});

test('a client is an address and a port', () => {
  expect(clientOf({ remoteAddress: '127.244.1.5', remotePort: 40_000 })).toBe('10.244.1.5:40000');
});
