import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeTraffic } from './merge-traffic.js';
import { readConnections, readTraffic } from './read-traffic.js';

const told = {
  id: 'tcp-0a1b2c3d-7',
  service: 'shop/web',
  servicePort: 'http',
  protocol: 'TCP',
  purpose: 'LoadBalancer',
  asked: { address: '10.97.0.1', port: 80 },
  client: { address: '10.244.1.5', port: 40_000, node: 'a' },
  endpoint: { address: '10.244.2.7', port: 8080, node: 'b' },
  since: Date.parse('2026-01-01T00:00:00Z'),
  sent: 3,
  received: 4,
  draining: true,
};

describe('connections', () => {
  test('are read as far as they are used', () => {
    expect(readConnections({ items: [told], remaining: 0 })).toEqual([
      {
        apiVersion: 'networking.binnacle.dev/v1',
        kind: 'Connection',
        metadata: { name: 'tcp-0a1b2c3d-7', namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' },
        spec: {
          protocol: 'TCP',
          serviceName: 'web',
          servicePort: 'http',
          purpose: 'LoadBalancer',
          asked: { address: '10.97.0.1', port: 80 },
          client: { address: '10.244.1.5', port: 40_000, nodeName: 'a' },
          endpoint: { address: '10.244.2.7', port: 8080, nodeName: 'b' },
        },
        status: { sentBytes: 3, receivedBytes: 4, draining: true },
      },
    ]);
  });

  test.each([
    ['without a name', { id: undefined }],
    ['of no Service', { service: 'web' }],
    ['of too deep a Service', { service: 'a/b/c' }],
    ['whose name is too long', { id: 'x'.repeat(254) }],
  ])('%s are passed over', (_, change) => {
    expect(readConnections({ items: [{ ...told, ...change }, told] })).toHaveLength(1);
  });

  test('what is not as it should be is as little as can be', () => {
    const [read] = readConnections({
      items: [
        { ...told, protocol: 7, purpose: '<script>', since: 1e18, sent: -1, received: '4', client: [], draining: 1 },
      ],
    });
    expect(read).toMatchObject({
      metadata: { name: told.id },
      spec: { protocol: 'TCP', purpose: 'ClusterIP', client: { address: '', port: 0 } },
      status: { sentBytes: 0, receivedBytes: 0, draining: false },
    });
    expect(read?.metadata.creationTimestamp).toBeUndefined();
  });
});

const line = (address: string, total: number, active = 0) => ({
  address,
  port: 8080,
  active,
  total,
  failed: 1,
  sent: 10,
  received: 20,
});
const port = (service: string, servicePort: string, endpoints: object[], gone: object = {}) => ({
  service,
  servicePort,
  protocol: 'TCP',
  notAdmitted: 1,
  unanswered: 2,
  endpoints,
  gone,
});

describe('traffic', () => {
  test('of a port is the sum of its endpoints, and of those that are gone', () => {
    const gone = { total: 5, failed: 0, sent: 100, received: 0 };
    const [read] = readTraffic({
      items: [port('shop/web', 'http', [line('10.244.1.5', 2, 1), line('10.244.1.6', 3)], gone)],
    });
    expect(read).toMatchObject({
      namespace: 'shop',
      name: 'web',
      port: { name: 'http', active: 1, total: 10, failed: 2, sentBytes: 120, receivedBytes: 40, unanswered: 2 },
    });
    expect(read?.port.endpoints[0]).toEqual({
      address: '10.244.1.5',
      port: 8080,
      active: 1,
      total: 2,
      failed: 1,
      sentBytes: 10,
      receivedBytes: 20,
    });
  });

  test('of several proxies is told together, by Service and port', () => {
    const one = readTraffic({ items: [port('shop/web', 'http', [line('a', 1, 1)]), port('shop/web', 'admin', [])] });
    const other = readTraffic({ items: [port('shop/web', 'http', [line('b', 2)]), port('shop/db', 'sql', [])] });
    const merged = mergeTraffic([...one, ...other]);
    expect(merged.map(({ metadata, ports }) => [metadata.name, ports.map(({ name, total }) => [name, total])])).toEqual(
      [
        [
          'web',
          [
            ['http', 3],
            ['admin', 0],
          ],
        ],
        ['db', [['sql', 0]]],
      ],
    );
    expect(merged[0]?.ports[0]).toMatchObject({ active: 1, notAdmitted: 2, unanswered: 4, endpoints: [{}, {}] });
  });
});

test('whatever is answered, what is read is whole', () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constant(told), fc.constant(undefined));
  const answer = fc.oneof(anything, fc.record({ items: fc.oneof(anything, fc.array(anything)) }));
  fc.assert(
    fc.property(answer, (value) => {
      for (const { metadata, spec } of readConnections(value))
        expect([metadata.name, metadata.namespace, spec.serviceName].every(Boolean)).toBe(true);
      for (const {
        name,
        port: { total },
      } of readTraffic(value))
        expect([name !== '', total >= 0]).toEqual([true, true]);
    }),
  );
});
