import type { ClusterRole, PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { expect, test } from 'vitest';
import { aggregatedRules } from './plan.js';

const rule = (resource: string): PolicyRule => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });
const role = (name: string, labels: Record<string, string>, ...resources: string[]): ClusterRole => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, labels },
  rules: resources.map(rule),
});
const made = (more: Partial<ClusterRole> = {}): ClusterRole => ({
  ...role('sum', { part: 'yes' }),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }, { matchLabels: { also: 'yes' } }] },
  ...more,
});

const b = role('b', { part: 'yes' }, 'pods', 'secrets');
const a = role('a', { part: 'yes' }, 'nodes');
const c = role('c', { also: 'yes' }, 'pods', 'events');
const other = role('other', {}, 'leases');

test('a role that is made of others may do what they may, each thing once, in the order of selectors and names', () => {
  expect(aggregatedRules(made(), [b, a, c, other, made()])).toEqual(['nodes', 'pods', 'secrets', 'events'].map(rule));
});

test.each([
  ['which says so already', made({ rules: ['nodes', 'events'].map(rule) }), [a, role('e', { also: 'yes' }, 'events')]],
  ['which is made of nothing that is there', made({ rules: [] }), [other]],
  ['of its own', role('plain', {}, 'pods'), [a]],
])('one %s is left alone', (_, own, all) => {
  expect(aggregatedRules(own, all)).toBeUndefined();
});

test('what others lose it loses', () => {
  expect(aggregatedRules(made({ rules: [rule('pods')] }), [])).toEqual([]);
});
