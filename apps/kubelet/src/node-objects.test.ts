import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { isWithin, NodeObjects } from './node-objects.js';

function node(name: string, more: { providerID?: string; capacity?: object; address?: string } = {}): Node {
  const { providerID = `simulated://sim/${name}`, capacity, address } = more;
  const addresses = address ? [{ type: 'InternalIP', address }] : [];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: { providerID },
    status: { addresses, ...(capacity && { capacity }) },
  } as Node;
}

const NODES = '10.1.20.0/24';

test('only nodes that were made for the agent are carried, each at an address of the cluster', () => {
  const objects = new NodeObjects('sim', NODES);
  const nodes = [node('a'), node('b', { providerID: 'simulated://other/b' }), node('c')];
  expect(objects.simulated(nodes)).toMatchObject([
    { name: 'a', address: '127.1.20.11', cpu: '4', memory: '8Gi', pods: 110, state: 'running' },
    { name: 'c', address: '127.1.20.12' },
  ]);
});

test('a node keeps its address, also across a restart of the agent, and gives it back when it has gone', () => {
  const objects = new NodeObjects('sim', NODES);
  const later = node('late', { address: '127.1.20.11' });
  objects.simulated([node('a'), node('b')]);
  expect(objects.simulated([node('b'), later]).map(({ address }) => address)).toEqual(['127.1.20.12', '127.1.20.11']);
  const restarted = new NodeObjects('sim', NODES);
  expect(restarted.simulated([node('x', { address: '127.1.20.40' })])[0]?.address).toBe('127.1.20.40');
});

test('an address of another cluster is never taken', () => {
  const [first] = new NodeObjects('sim', NODES).simulated([node('a', { address: '127.0.0.11' })]);
  expect(first?.address).toBe('127.1.20.11');
});

test('a node is as large as its object says, and as usual where that makes no sense', () => {
  const sizes = (capacity: object) => {
    const [first] = new NodeObjects('sim', NODES).simulated([node('a', { capacity })]);
    return [first?.cpu, first?.memory, first?.pods];
  };
  expect(sizes({ cpu: '16', memory: '64Gi', pods: '250' })).toEqual(['16', '64Gi', 250]);
  expect(sizes({ cpu: '-1', memory: 'much', pods: '1e9' })).toEqual(['4', '8Gi', 110]);
});

test('no more nodes are carried than there are addresses', () => {
  const many = Array.from({ length: 300 }, (_, index) => node(`n${index}`));
  expect(new NodeObjects('sim', NODES).simulated(many)).toHaveLength(240);
});

test.each([
  ['10.1.24.0/21', '10.1.25.0/24', true],
  ['10.1.24.0/21', '10.1.31.255', true],
  ['10.1.24.0/21', '10.1.32.0/24', false],
  ['10.1.24.0/21', '10.1.0.0/16', false],
  ['10.1.24.0/21', 'nonsense', false],
  ['255.255.255.255/32', '10.1.24.1', false],
])('in %s lies %s: %s', (range, address, expected) => {
  expect(isWithin(range, address)).toBe(expected);
});
