import type { PortTraffic, ServiceTraffic } from '@binnacle/apis-kubernetes/traffic/v1';
import type { Stop } from '@binnacle/apis-request-path';
import { service } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { countsOf } from './counts.js';

const tally = (active: number, total: number, failed = 0) => ({
  active,
  total,
  failed,
  sentBytes: total,
  receivedBytes: 10 * total,
});
const port = (name: string, protocol = 'TCP'): PortTraffic => ({
  ...tally(3, 9),
  name,
  protocol,
  notAdmitted: 0,
  unanswered: 2,
  endpoints: [
    { address: '10.244.0.1', port: 8080, ...tally(1, 4, 1) },
    { address: 'fd00::1', port: 8080, ...tally(1, 2) },
    { address: '10.244.0.2', port: 8080, ...tally(1, 1) },
  ],
});
const traffic = (...ports: PortTraffic[]): ServiceTraffic => ({
  apiVersion: 'networking.binnacle.dev/v1',
  kind: 'ServiceTraffic',
  metadata: { name: 'web', namespace: 'default' },
  ports,
});
const stop = (kind: Stop['kind'], addresses?: string[]): Stop => ({
  kind,
  text: '',
  faults: [],
  ...(addresses && { addresses }),
});

test('a port has what all of its connections come to, those for whom nobody was found apart', () => {
  const counts = countsOf(service(), '80/TCP', traffic(port('80')));
  expect(counts(stop('port'))).toEqual({ active: 3, total: 9, bytes: 99, failed: 2 });
});

test('a Pod has what went to any of its addresses, also where that is nothing', () => {
  const counts = countsOf(service(), '80/TCP', traffic(port('80')));
  expect(counts(stop('pod', ['10.244.0.1', 'fd00::1']))).toEqual({ active: 2, total: 6, bytes: 66, failed: 1 });
  expect(counts(stop('pod', ['10.244.0.9']))).toEqual({ active: 0, total: 0, bytes: 0, failed: 0 });
});

test('nothing is counted at other boxes, at ports that the proxy does not tell of, and where nothing is known', () => {
  const named = service({ spec: { ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] } });
  const all = traffic(port('dns', 'TCP'), port('80'));
  expect(countsOf(service(), '80/TCP', all)(stop('service'))).toBeUndefined();
  expect(countsOf(named, '53/UDP', all)(stop('port'))).toBeUndefined();
  expect(countsOf(named, '53/UDP', traffic(port('dns', 'UDP')))(stop('port'))?.total).toBe(9);
  expect(countsOf(service(), '80/TCP', undefined)(stop('pod', ['10.244.0.1']))).toBeUndefined();
});
