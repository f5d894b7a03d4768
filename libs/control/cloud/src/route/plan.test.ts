import type { Node, NodeAddress } from '@binnacle/apis-kubernetes/core/v1';
import { node } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import type { Route } from '../provider/cloud-provider.js';
import { isRouted, planCondition, planRoutes } from './plan.js';

const CLUSTER = ['10.244.0.0/16', '2001:db8::/48'];
const TIME = '2026-01-01T00:00:00Z';
const ADDRESSES: NodeAddress[] = [{ type: 'InternalIP', address: '192.0.2.1' }];
const ranged = (name: string, ...podCIDRs: string[]): Node =>
  node({ metadata: { name }, spec: { podCIDRs }, status: { addresses: ADDRESSES } });
const route = (targetNode: string, destinationCIDR: string, more: Partial<Route> = {}): Route => ({
  name: `${targetNode} ${destinationCIDR}`,
  targetNode,
  destinationCIDR,
  ...more,
});

describe('routes', () => {
  test.each<[string, Node[], Route[], string[], string[]]>([
    [
      'are made for every range',
      [ranged('a', '10.244.0.0/24', '2001:db8::/64')],
      [],
      [],
      ['a 10.244.0.0/24', 'a 2001:db8::/64'],
    ],
    ['that are there stay', [ranged('a', '10.244.0.0/24')], [route('a', '10.244.0.0/24')], [], []],
    ['of a node that has gone go', [], [route('a', '10.244.0.0/24')], ['a 10.244.0.0/24'], []],
    [
      'that lead to another go',
      [ranged('b', '10.244.0.0/24')],
      [route('a', '10.244.0.0/24')],
      ['a 10.244.0.0/24'],
      ['b 10.244.0.0/24'],
    ],
    [
      'that lead nowhere are made anew',
      [ranged('a', '10.244.0.0/24')],
      [route('a', '10.244.0.0/24', { blackhole: true })],
      ['a 10.244.0.0/24'],
      ['a 10.244.0.0/24'],
    ],
    ['of other networks stay', [], [route('x', '192.168.0.0/24'), route('y', 'nonsense')], [], []],
    ['of a wider network that begins in ours go', [], [route('x', '10.244.0.0/15')], ['x 10.244.0.0/15'], []],
    ['of a node without ranges are not made', [node()], [], [], []],
  ])('%s', (_, nodes, routes, remove, create) => {
    const plan = planRoutes(nodes, routes, CLUSTER);
    expect(plan.remove.map(({ name }) => name)).toEqual(remove);
    expect(plan.create.map(({ route: made }) => `${made.targetNode} ${made.destinationCIDR}`)).toEqual(create);
  });

  test('to addresses follow the addresses of their nodes', () => {
    const to = (targetNodeAddresses: NodeAddress[]) =>
      planRoutes([ranged('a', '10.244.0.0/24')], [route('a', '10.244.0.0/24', { targetNodeAddresses })], CLUSTER);
    expect(to(ADDRESSES)).toEqual({ remove: [], create: [] });
    expect(to([{ type: 'InternalIP', address: '192.0.2.9' }])).toMatchObject({
      remove: [{ targetNode: 'a' }],
      create: [{ route: { targetNodeAddresses: ADDRESSES } }],
    });
  });
});

describe('a node', () => {
  test('is told whether its routes are there', () => {
    const fresh = ranged('a', '10.244.0.0/24');
    const told = planCondition(fresh, true, TIME);
    expect(told).toMatchObject({ type: 'NetworkUnavailable', status: 'False', reason: 'RouteCreated' });
    expect(planCondition(fresh, false, TIME)).toMatchObject({ status: 'True', reason: 'NoRouteCreated' });
    const knows = node({ ...fresh, status: { conditions: told ? [told] : [] } });
    expect([planCondition(knows, true, TIME), planCondition(knows, false, TIME)?.status]).toEqual([undefined, 'True']);
    expect(planCondition(node(), true, TIME)).toMatchObject({ status: 'True' });
  });

  test('is concerned where it has ranges, or a route', () => {
    expect([isRouted(ranged('a', '10.244.0.0/24'), []), isRouted(node(), [])]).toEqual([true, false]);
    expect(isRouted(ranged('a'), [route('a', '10.244.0.0/24')])).toBe(true);
  });
});
