import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { carriedAddress } from '@binnacle/machinery-wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AddressClaims,
  type AddressPurpose,
  balancerAddresses,
  clusterAddresses,
  externalAddresses,
} from './claims.js';

interface Given {
  readonly clusterIP?: string;
  readonly external?: readonly string[];
  readonly balanced?: readonly string[];
  readonly port?: number;
  readonly since?: number;
}

const serviceOf = ({ clusterIP = 'None', external = [], balanced = [], port = 80, since = 0 }: Given): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { creationTimestamp: new Date(since * 1000).toISOString() },
  spec: {
    type: 'LoadBalancer',
    clusterIP,
    clusterIPs: [clusterIP],
    externalIPs: [...external],
    ports: [{ port, protocol: 'TCP' }],
  },
  status: { loadBalancer: { ingress: balanced.map((ip) => ({ ip })) } },
});

function claimsOf(services: Readonly<Record<string, Given>>): AddressClaims {
  const claims = new AddressClaims(carriedAddress);
  for (const [key, given] of Object.entries(services)) claims.set(key, serviceOf(given));
  return claims;
}

describe('which addresses a Service says it has', () => {
  test('of a load balancer those that lead to the nodes, not those of a proxy before them', () => {
    const service = serviceOf({});
    service.status = {
      loadBalancer: {
        ingress: [
          { ip: '10.97.0.1' },
          { ip: '10.97.0.2', ipMode: 'VIP' },
          { ip: '10.97.0.3', ipMode: 'Proxy' },
          { hostname: 'somewhere.example' },
          { ip: 'nonsense' },
        ],
      },
    };
    expect(balancerAddresses(service)).toEqual(['10.97.0.1', '10.97.0.2']);
    expect(balancerAddresses({ ...service, spec: { ...service.spec, type: 'ClusterIP' } })).toEqual([]);
  });

  test('addresses have one form, and IPv4 does not come as IPv6', () => {
    const external = ['10.97.0.1', 'FD00::0:1', '::ffff:10.97.0.2', '10.97.0.03'];
    expect(externalAddresses(serviceOf({ external }))).toEqual(['10.97.0.1', 'fd00::1']);
    expect(clusterAddresses({ ...serviceOf({}), spec: { clusterIP: '10.96.0.5' } })).toEqual(['10.96.0.5']);
    expect(clusterAddresses(serviceOf({}))).toEqual([]);
  });
});

describe('an address is refused', () => {
  const refusal = (services: Readonly<Record<string, Given>>, purpose: AddressPurpose, address = '10.97.0.1') =>
    claimsOf(services).refusal('a/thief', address, purpose, 'TCP 80');

  test.each<[string, Given, Given, AddressPurpose, RegExp | undefined]>([
    [
      "that is another Service's own",
      { external: ['10.97.0.1'] },
      { clusterIP: '10.97.0.1', port: 81, since: 9 },
      'ExternalIP',
      /another Service/,
    ],
    [
      "that is another's, as the wire carries it",
      { external: ['127.97.0.1'] },
      { clusterIP: '10.97.0.1', since: 9 },
      'ExternalIP',
      /another Service/,
    ],
    [
      'of a load balancer to who writes it into externalIPs',
      { external: ['10.97.0.1'] },
      { balanced: ['10.97.0.1'], port: 81, since: 9 },
      'ExternalIP',
      /another Service/,
    ],
    [
      "of a load balancer where it is another's own",
      { balanced: ['10.97.0.1'] },
      { clusterIP: '10.97.0.1', since: 9 },
      'LoadBalancer',
      /another Service/,
    ],
    [
      'to the younger of two',
      { external: ['10.97.0.1'], since: 9 },
      { external: ['10.97.0.1'] },
      'ExternalIP',
      /older Service has TCP 80/,
    ],
    [
      'to neither where they have other ports',
      { external: ['10.97.0.1'], since: 9 },
      { external: ['10.97.0.1'], port: 81 },
      'ExternalIP',
      undefined,
    ],
    [
      'to neither load balancer where they have other ports',
      { balanced: ['10.97.0.1'], since: 9 },
      { balanced: ['10.97.0.1'], port: 81 },
      'LoadBalancer',
      undefined,
    ],
    ['to nobody who is alone', { external: ['10.97.0.1'] }, { external: ['10.97.0.2'] }, 'ExternalIP', undefined],
    [
      'not to a load balancer for who wrote it into externalIPs before',
      { balanced: ['10.97.0.1'], since: 9 },
      { external: ['10.97.0.1'] },
      'LoadBalancer',
      undefined,
    ],
  ])('%s', (_, thief, other, purpose, expected) => {
    const why = refusal({ 'a/thief': thief, 'b/other': other }, purpose);
    if (expected) expect(why).toMatch(expected);
    else expect(why).toBeUndefined();
  });

  test('who made both at once is told by their names', () => {
    const external = ['10.97.0.1'];
    const claims = claimsOf({ 'b/two': { external }, 'a/one': { external } });
    expect(claims.refusal('a/one', '10.97.0.1', 'ExternalIP', 'TCP 80')).toBeUndefined();
    expect(claims.refusal('b/two', '10.97.0.1', 'ExternalIP', 'TCP 80')).toMatch(/older/);
  });
});

test('a change tells to whom it makes a difference', () => {
  const claims = claimsOf({ 'a/one': { external: ['10.97.0.1'] }, 'a/far': { external: ['10.97.0.9'] } });
  expect(claims.set('b/two', serviceOf({ clusterIP: '10.97.0.1' }))).toEqual(['a/one']);
  expect(claims.set('b/two', serviceOf({ clusterIP: '10.96.0.7' }))).toEqual(['a/one']);
  expect(claims.set('b/two', serviceOf({ balanced: ['127.97.0.1'] }))).toEqual(['a/one']);
  expect(claims.set('b/two', undefined)).toEqual(['a/one']);
  expect(claims.refusal('a/one', '10.97.0.1', 'ExternalIP', 'TCP 80')).toBeUndefined();
  expect(claims.set('c/three', serviceOf({}))).toEqual([]);
});

const few = fc.subarray(['10.97.0.1', '127.97.0.1', '10.97.0.2', '10.96.0.1']);
const given = fc.record({
  clusterIP: fc.constantFrom('None', '10.96.0.1', '10.97.0.2'),
  external: few,
  balanced: few,
  port: fc.constantFrom(80, 81),
  since: fc.integer({ min: 0, max: 2 }),
});

test('whatever Services say and in which order they came, an address and port has one of them, the one with the best claim', () => {
  const holdersOf = (claims: AddressClaims, services: Readonly<Record<string, Given>>, address: string, port: number) =>
    Object.entries(services).flatMap(([key, one]) => {
      const service = serviceOf(one);
      const lists = {
        ClusterIP: clusterAddresses(service),
        LoadBalancer: balancerAddresses(service),
        ExternalIP: externalAddresses(service),
      };
      const purpose = (Object.keys(lists) as AddressPurpose[]).find((name) =>
        lists[name].map(carriedAddress).includes(address),
      );
      if (!purpose || one.port !== port) return [];
      return claims.refusal(key, address, purpose, `TCP ${port}`) === undefined ? [{ key, purpose }] : [];
    });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a/a', 'a/b', 'b/a', 'b/b'), given), (services) => {
      const claims = claimsOf(services);
      const reversed = claimsOf(Object.fromEntries(Object.entries(services).reverse()));
      for (const address of ['10.97.0.1', '10.97.0.2', '10.96.0.1']) {
        for (const port of [80, 81]) {
          const holders = holdersOf(claims, services, address, port);
          expect(holdersOf(reversed, services, address, port)).toEqual(holders);
          expect(holders.length).toBeLessThanOrEqual(1);
          const isOwn = Object.values(services).some(({ clusterIP }) => clusterIP === address);
          if (isOwn) for (const { purpose } of holders) expect(purpose).toBe('ClusterIP');
        }
      }
    }),
  );
});
