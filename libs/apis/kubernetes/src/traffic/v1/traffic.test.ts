import { openApiV3 } from '@binnacle/apis-schema';
import { describe, expect, test } from 'vitest';
import { bytesText } from './amounts.js';
import { connections } from './connection/definition.js';
import { printer as connectionPrinter } from './connection/printer.js';
import type { Connection, ServiceTraffic } from './index.js';
import { serviceTraffics } from './service-traffic/definition.js';
import { printer as trafficPrinter } from './service-traffic/printer.js';

const HEAD = ['apiVersion', 'kind', 'metadata'];
const now = Date.parse('2026-11-30T12:00:00Z');
const connection: Connection = {
  apiVersion: 'networking.binnacle.dev/v1',
  kind: 'Connection',
  metadata: { name: 'tcp-0a1b2c3d-7', namespace: 'shop', creationTimestamp: '2026-11-30T11:55:00Z' },
  spec: {
    protocol: 'TCP',
    serviceName: 'web',
    servicePort: 'http',
    purpose: 'ClusterIP',
    asked: { address: '10.96.3.4', port: 80 },
    client: { address: '10.244.1.5', port: 40_000, nodeName: 'a' },
    endpoint: { address: 'fd00::7', port: 8080 },
  },
  status: { sentBytes: 1536, receivedBytes: 20_971_520, draining: false },
};

test('a connection is printed in one line', () => {
  const narrow = ['tcp-0a1b2c3d-7', 'TCP', '10.244.1.5:40000', 'web:http', '[fd00::7]:8080', '1.5KiB', '20MiB', '5m'];
  expect(connectionPrinter.row(connection, now)).toEqual([...narrow, 'ClusterIP', '10.96.3.4:80', 'false']);
});

test('one that says less is printed all the same', () => {
  const bare = { ...connection, spec: undefined, status: undefined } as unknown as Connection;
  expect(connectionPrinter.row(bare, now)).toHaveLength(connectionPrinter.columns.length);
});

test('a connection is selected by its Service, protocol and ends', () => {
  const selected = Object.entries(connections.fields).map(([field, read]) => [field, read(connection as never)]);
  expect(Object.fromEntries(selected)).toEqual({
    'spec.serviceName': 'web',
    'spec.protocol': 'TCP',
    'spec.client.address': '10.244.1.5',
    'spec.endpoint.address': 'fd00::7',
  });
});

test('what a Service carries is printed as the sums of its ports', () => {
  const bare = { apiVersion: 'networking.binnacle.dev/v1', kind: 'ServiceTraffic', metadata: { name: 'web' } };
  const port = { name: 'a', protocol: 'TCP', active: 1, total: 3, failed: 1, sentBytes: 600, receivedBytes: 0 };
  const ports = [1, 2].map((unanswered) => ({ ...port, notAdmitted: 4, unanswered, endpoints: [] }));
  const traffic: ServiceTraffic = { ...bare, ports };
  expect(trafficPrinter.row(traffic, now)).toEqual(['web', 2, 6, 3, 8, '1.2KiB', '0B']);
  expect(trafficPrinter.row(bare as ServiceTraffic, now)).toHaveLength(7);
});

test.each([
  [0, '0B'],
  [1023, '1023B'],
  [1024, '1KiB'],
  [10_240, '10KiB'],
  [1_500_000_000_000_000, '1364TiB'],
])('%i bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));

describe.each([connections, serviceTraffics])('$names.kind', (definition) => {
  test('is read, by who may view, and every field of it is described', async () => {
    expect([definition.verbs, definition.roles]).toEqual([['get', 'list'], ['view']]);
    const group = { group: 'networking.binnacle.dev', version: 'v1' };
    const document = JSON.parse(JSON.stringify(await openApiV3(group, [definition], 'v1')));
    const own = Object.entries<{ properties?: Record<string, { description?: string }> }>(
      document.components.schemas,
    ).filter(([name]) => name.startsWith('dev.binnacle') && !name.endsWith('List'));
    expect(own.length).toBeGreaterThan(1);
    for (const [name, { properties = {} }] of own)
      for (const [field, { description }] of Object.entries(properties))
        if (!HEAD.includes(field)) expect(description, `${name} ${field}`).toBeTruthy();
  });
});
