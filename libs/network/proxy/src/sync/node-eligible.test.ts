import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { nodeEligible } from './node-eligible.js';

const node = (metadata: object, taints: readonly string[] = []): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a', ...metadata },
  spec: { taints: taints.map((key) => ({ key, effect: 'NoSchedule' })) },
});

test.each<[string, Node | undefined, boolean]>([
  ['that is there', node({}), true],
  ['with another taint', node({}, ['dedicated']), true],
  ['that is about to be removed', node({}, ['dedicated', 'ToBeDeletedByClusterAutoscaler']), false],
  ['that is being deleted', node({ deletionTimestamp: '2026-01-01T00:00:00Z' }), false],
  ['that is not there', undefined, false],
])('a node %s', (_, one, expected) => {
  expect(nodeEligible(one)).toBe(expected);
});
