import type { Gateway } from '@binnacle/apis-gateway';
import { describe, expect, test } from 'vitest';
import { gateway, gatewayClass, httpRoute, listener, plan } from '../testing/gateways.js';
import { gatewayService, gatewayServiceName, isServiceOf, servicePatch } from './gateway-service.js';
import { classStatus, gatewayStatus, routeParents } from './status.js';

const [THEN, NOW] = ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z'];
const statusOf = (one: Gateway, address?: string) => {
  const planned = plan({ gateways: [one] }).gateways.get('default/edge');
  if (!planned) throw new Error('not planned');
  return gatewayStatus(planned, address === undefined ? { words: 'no address yet' } : { address }, NOW);
};
const text = (list: readonly { type: string; status: string; reason: string }[] = []) =>
  Object.fromEntries(list.map(({ type, status, reason }) => [type, `${status} ${reason}`]));

describe('a Gateway', () => {
  test('is programmed when it has an address', () => {
    const edge = gateway('edge', [listener('http')]);
    const waiting = statusOf(edge);
    expect(text(waiting.conditions)).toEqual({
      Accepted: 'True Accepted',
      Programmed: 'False AddressNotAssigned',
      ResolvedRefs: 'True ResolvedRefs',
    });
    expect(text(waiting.listeners?.[0]?.conditions)).toMatchObject({ Programmed: 'False Pending' });
    const served = statusOf(edge, '127.97.0.1');
    expect(text(served.conditions)).toMatchObject({ Programmed: 'True Programmed' });
    expect(served.addresses).toEqual([{ type: 'IPAddress', value: '127.97.0.1' }]);
    expect(served.listeners).toMatchObject([
      { name: 'http', attachedRoutes: 0, supportedKinds: [{ kind: 'HTTPRoute' }, { kind: 'GRPCRoute' }] },
    ]);
  });

  test('says what of it cannot be served', () => {
    const bad = listener('bad', 81, { protocol: 'TCP' });
    expect(text(statusOf(gateway('edge', [listener('http'), bad]), 'a').conditions)).toMatchObject({
      Accepted: 'True ListenersNotValid',
      Programmed: 'True Programmed',
    });
    expect(text(statusOf(gateway('edge', [bad]), 'a').conditions)).toMatchObject({
      Accepted: 'False ListenersNotValid',
      Programmed: 'False Invalid',
    });
  });

  test.each([
    [{ addresses: [{ type: 'IPAddress', value: '192.0.2.1' }] }, 'False UnsupportedAddress'],
    [{ addresses: [{ type: 'Hostname' }] }, 'False UnsupportedAddress'],
    [{ addresses: [{ type: 'IPAddress' }, {}] }, 'True Accepted'],
    [{ infrastructure: { parametersRef: { group: 'x', kind: 'Y', name: 'z' } } }, 'False InvalidParameters'],
  ])('with %j is accepted or not: %s', (spec, expected) => {
    const edge = gateway('edge', [listener('http')]);
    expect(text(statusOf({ ...edge, spec: { ...edge.spec, ...spec } }, 'a').conditions)).toMatchObject({
      Accepted: expected,
    });
  });

  test('keeps the times of conditions that stay, and those of others', () => {
    const edge = gateway('edge', [listener('http')]);
    const foreign = { type: 'example.com/Mine', status: 'True', reason: 'x', message: '', lastTransitionTime: THEN };
    const before = { ...statusOf(edge, 'a'), conditions: [foreign, ...(statusOf(edge, 'a').conditions ?? [])] };
    const aged = before.conditions.map((condition) => ({ ...condition, lastTransitionTime: THEN }));
    const again = statusOf({ ...edge, status: { ...before, conditions: aged } }, 'a');
    expect(again.conditions).toEqual(aged);
    expect(again.conditions?.every(({ observedGeneration }) => observedGeneration !== undefined)).toBe(false);
  });
});

test('a class with parameters is not accepted', () => {
  expect(text(classStatus(gatewayClass, NOW).conditions)).toEqual({ Accepted: 'True Accepted' });
  const spec = { ...gatewayClass.spec, parametersRef: { group: 'x', kind: 'Y', name: 'z' } };
  expect(text(classStatus({ ...gatewayClass, spec }, NOW).conditions)).toEqual({ Accepted: 'False InvalidParameters' });
});

test('parents of others stay, and those that are no more go', () => {
  const route = httpRoute('route', { rules: [] });
  const parent = (controllerName: string, name: string) => ({ parentRef: { name }, controllerName, conditions: [] });
  const status = { parents: [parent('other', 'edge'), parent('ours', 'gone')] };
  const planned = plan({ gateways: [gateway('edge', [listener('http')])], httpRoutes: [route] });
  const parents = routeParents({ ...route, status }, planned.routes.get('default/route'), 'ours', NOW);
  expect(parents.map(({ controllerName, parentRef }) => [controllerName, parentRef.name])).toEqual([
    ['other', 'edge'],
    ['ours', 'edge'],
  ]);
  expect(text(parents[1]?.conditions)).toEqual({ Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' });
  expect(routeParents({ ...route, status }, undefined, 'ours', NOW)).toEqual([parent('other', 'edge')]);
});

describe('the Service of a Gateway', () => {
  const edge = gateway('edge', [listener('a', 80), listener('b', 80, { hostname: 'x' }), listener('c', 8080)]);

  test('has its ports, its labels, and goes with it', () => {
    const infrastructure = {
      labels: { team: 'a', 'service.kubernetes.io/service-proxy-name': 'stolen' },
      annotations: { note: 'b' },
    };
    const { metadata, spec } = gatewayService({ ...edge, spec: { ...edge.spec, infrastructure } });
    expect(metadata).toMatchObject({
      name: 'gateway-edge',
      namespace: 'default',
      labels: {
        team: 'a',
        'gateway.networking.k8s.io/gateway-name': 'edge',
        'service.kubernetes.io/service-proxy-name': 'binnacle-ingress',
      },
      annotations: { note: 'b' },
      ownerReferences: [{ kind: 'Gateway', name: 'edge', uid: 'edge', controller: true }],
    });
    expect(spec?.ports?.map(({ port }) => port)).toEqual([80, 8080]);
  });

  test('has a name, whatever the Gateway is called', () => {
    const named = (name: string) => gatewayServiceName(gateway(name, [])).name;
    expect(named('edge')).toBe('gateway-edge');
    for (const name of ['a.b', 'x'.repeat(60)]) expect(named(name)).toMatch(/^gateway-[0-9a-f]{10}$/);
    expect(named('a.b')).not.toBe(named('a.c'));
  });

  test('is changed only where it differs, and what others put there stays', () => {
    const wanted = gatewayService(edge);
    const known = { ...wanted, metadata: { ...wanted.metadata, labels: { ...wanted.metadata.labels, mine: 'x' } } };
    expect(servicePatch(known, wanted)).toBeUndefined();
    const more = gatewayService(gateway('edge', [listener('a', 81)]));
    expect(servicePatch(known, more)).toMatchObject({ spec: { ports: [{ port: 81 }] } });
    expect(isServiceOf(edge, known)).toBe(true);
    expect(isServiceOf({ ...edge, metadata: { ...edge.metadata, uid: 'another' } }, known)).toBe(false);
    expect(isServiceOf(edge, undefined)).toBe(false);
  });
});
