import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint } from '@binnacle/apis-kubernetes/discovery/v1';
import { node, service } from '@binnacle/testing-fixtures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { topologyHints } from './topology-hints.js';
import { wantsTopologyHints, zoneShares } from './zone-shares.js';

const endpointsIn = (...zones: string[]): Endpoint[] =>
  zones.map((zone, index) => ({ addresses: [`10.0.0.${index}`], zone }));
const shares = (...amounts: number[]) => new Map(amounts.map((share, index) => [`zone-${'abcdef'[index]}`, share]));
const none = () => undefined;
const hinted = (
  endpoints: Endpoint[],
  of = shares(0.5, 0.5),
  before: (endpoint: Endpoint) => string | undefined = none,
) => {
  const hints = topologyHints(endpoints, before, of);
  return 'why' in hints
    ? hints.why
    : endpoints.map((endpoint) => hints.zones.get(endpoint)?.replace('zone-', '')).join('');
};
const many = (zone: string, count: number) => Array.from({ length: count }, () => `zone-${zone}`);

describe('endpoints', () => {
  test.each<[string, string[], number[], string]>([
    ['in balance are each for its own zone', [...many('a', 2), ...many('b', 2)], [0.5, 0.5], 'aabb'],
    ['of a zone that has too many help another', [...many('a', 4), ...many('b', 2)], [0.5, 0.5], 'baaabb'],
    ['help a zone that has none', many('a', 4), [0.5, 0.5], 'bbaa'],
    ['follow how large zones are', [...many('a', 4), ...many('b', 4)], [0.75, 0.25], 'aaaaaabb'],
    [
      'are for all where there are fewer than zones',
      many('a', 1),
      [0.5, 0.5],
      'Insufficient number of endpoints (1 endpoints, 2 zones)',
    ],
    [
      'are for all where one would be asked too much',
      [...many('a', 1), ...many('b', 1), ...many('c', 1)],
      [0.8, 0.1, 0.1],
      'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (3 endpoints, 3 zones)',
    ],
    [
      'are for all where one says no zone',
      ['zone-a', 'zone-a', 'zone-b', ''],
      [0.5, 0.5],
      'One or more endpoints do not have a zone specified',
    ],
  ])('%s', (_, zones, of, expected) => expect(hinted(endpointsIn(...zones), shares(...of))).toBe(expected));

  test('are for all where nodes say too little', () => {
    expect(topologyHints(endpointsIn('zone-a', 'zone-b'), none, undefined)).toMatchObject({
      why: expect.stringContaining('Insufficient Node'),
    });
  });

  test('stay for whom they are while that is right', () => {
    const endpoints = endpointsIn(...many('a', 3), ...many('b', 3));
    const before = ({ addresses }: Endpoint) =>
      addresses[0] === '10.0.0.0' ? 'zone-b' : addresses[0] === '10.0.0.5' ? 'zone-a' : undefined;
    expect(hinted(endpoints, shares(0.5, 0.5), before)).toBe('baabba');
  });

  test('leave a zone that is no more', () => {
    expect(hinted(endpointsIn('zone-a', 'zone-b'), shares(0.5, 0.5), () => 'zone-gone')).toBe('ab');
  });

  test('are all for a zone, and stay so', () => {
    const cases = fc.record({
      a: fc.integer({ min: 1, max: 20 }),
      b: fc.integer({ min: 0, max: 20 }),
      share: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ a, b, share }) => {
        const endpoints = endpointsIn(...many('a', a), ...many('b', b));
        const of = shares(share, 1 - share);
        const first = topologyHints(endpoints, none, of);
        if ('why' in first) return;
        expect([...first.zones.values()].every((zone) => of.has(zone))).toBe(true);
        expect(first.zones.size).toBe(endpoints.length);
        expect(topologyHints(endpoints, (endpoint) => first.zones.get(endpoint), of)).toEqual(first);
      }),
    );
  });
});

const worker = (
  name: string,
  zone: string | undefined,
  cpu: string,
  more: Partial<Node['metadata']> = {},
  ready = 'True',
): Node =>
  node({
    metadata: { name, ...more, labels: { ...(zone && { 'topology.kubernetes.io/zone': zone }), ...more.labels } },
    status: { allocatable: { cpu }, conditions: [{ type: 'Ready', status: ready }] },
  } as never);

describe('zones', () => {
  test('share by processors', () => {
    const found = zoneShares([worker('a', 'a', '1'), worker('b', 'b', '1500m'), worker('c', 'b', '1500m')]);
    expect([...(found ?? [])]).toEqual([
      ['a', 0.25],
      ['b', 0.75],
    ]);
  });

  test.each<[string, Node, boolean]>([
    [
      'that is no worker does not count',
      worker('x', undefined, '0', { labels: { 'node-role.kubernetes.io/control-plane': '' } }),
      true,
    ],
    ['that is not ready does not count', worker('x', undefined, '0', {}, 'False'), true],
    ['without a zone spoils it', worker('x', undefined, '1'), false],
    ['without processors spoils it', worker('x', 'a', '0'), false],
  ])('a node %s', (_, one, expected) => {
    expect(zoneShares([worker('a', 'a', '1'), worker('b', 'b', '1'), one]) !== undefined).toBe(expected);
  });

  test('one is not enough', () => expect(zoneShares([worker('a', 'a', '1')])).toBeUndefined());
});

test.each([
  [{ 'service.kubernetes.io/topology-mode': 'Auto' }, true],
  [{ 'service.kubernetes.io/topology-mode': 'auto' }, true],
  [{ 'service.kubernetes.io/topology-mode': 'Disabled' }, false],
  [{ 'service.kubernetes.io/topology-mode': 'Auto', 'service.kubernetes.io/topology-aware-hints': 'Disabled' }, false],
  [{}, false],
])('a Service with %j asks for hints: %s', (annotations, expected) => {
  expect(wantsTopologyHints(service({ metadata: { annotations } }))).toBe(expected);
});
