import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { node } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { areSameNodes, concernsLoadBalancers, namesOf, nodesBehind } from './node-set.js';

const EXCLUDE = 'node.kubernetes.io/exclude-from-external-load-balancers';
const labelled = (value: string): Node => node({ metadata: { labels: { [EXCLUDE]: value } } });
const named = (name: string, providerID?: string): Node =>
  node({ metadata: { name }, spec: { ...(providerID && { providerID }) } });

test.each<[string, Node, boolean]>([
  ['that is ready', node(), true],
  ['that is not', node({ status: { conditions: [{ type: 'Ready', status: 'False' }] } }), true],
  ['that is left out', labelled(''), false],
  ['that is left out by the word', labelled('true'), false],
  ['that is not left out by the word', labelled('false'), true],
  ['whose label says neither', labelled('maybe'), false],
  [
    'that the autoscaler deletes',
    node({ spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] } }),
    false,
  ],
  ['that is deleted', node({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }), false],
])('load balancers lead to a node %s: %s %s', (_, subject, expected) => {
  expect(nodesBehind([subject]).length === 1).toBe(expected);
});

describe('load balancers hear of a node', () => {
  test('that is left out, or on another machine', () => {
    expect(concernsLoadBalancers(node(), labelled('true'))).toBe(true);
    expect(concernsLoadBalancers(named('a'), named('a', 'fake://1'))).toBe(true);
  });

  test('but not of its heartbeat, nor of a taint', () => {
    const tainted = node({ spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] } });
    expect(concernsLoadBalancers(node(), tainted)).toBe(false);
    expect(concernsLoadBalancers(labelled('true'), labelled(''))).toBe(false);
  });
});

test.each<[string, Node[], Node[], boolean]>([
  ['the same in another order', [named('a', 'x'), named('b', 'y')], [named('b', 'y'), named('a', 'x')], true],
  ['another machine', [named('a', 'x')], [named('a', 'y')], false],
  ['one more', [named('a')], [named('a'), named('b')], false],
  ['another', [named('a')], [named('b')], false],
  ['none', [], [], true],
])('%s: the nodes are the same %s', (_, before, now, expected) => {
  expect(areSameNodes(before, now)).toBe(expected);
});

test('of many nodes some are named', () => {
  const many = Array.from({ length: 23 }, (_, at) => named(`n${String(at).padStart(2, '0')}`));
  expect(namesOf(many)).toMatch(/^\[n00 n01 .* n19 <3 more>\]$/);
  expect(namesOf(many.slice(0, 1))).toBe('[n00]');
});
