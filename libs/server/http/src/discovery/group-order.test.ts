import { resources, reviewKinds } from '@binnacle/apis-kubernetes/kinds';
import { widgets } from '@binnacle/testing-cluster';
import { expect, test } from 'vitest';
import { byName, servedGroups } from './group-order.js';

const of = (group: string, version = 'v1') => ({ ...widgets(), group, version });
const named = (groups: ReturnType<typeof servedGroups>) => groups.map(({ group }) => group);

test('groups stand as those of a cluster of upstream, whatever order they come in', () => {
  const groups = named(servedGroups([of('b.example.io'), of('a.example.io'), ...reviewKinds, ...resources]));
  expect(groups).toEqual([
    '',
    'apiregistration.k8s.io',
    'apps',
    'events.k8s.io',
    'authentication.k8s.io',
    'authorization.k8s.io',
    'autoscaling',
    'batch',
    'certificates.k8s.io',
    'networking.k8s.io',
    'policy',
    'rbac.authorization.k8s.io',
    'storage.k8s.io',
    'admissionregistration.k8s.io',
    'scheduling.k8s.io',
    'coordination.k8s.io',
    'node.k8s.io',
    'discovery.k8s.io',
    'resource.k8s.io',
    'flowcontrol.apiserver.k8s.io',
    'history.binnacle.dev',
    'scheduling.binnacle.dev',
    'usage.binnacle.dev',
    'networking.binnacle.dev',
    'authorization.binnacle.dev',
    'a.example.io',
    'b.example.io',
    'metrics.k8s.io',
  ]);
});

test('of custom versions the most stable and newest is preferred', () => {
  const [group] = servedGroups(
    ['v1beta1', 'v2alpha1', 'v1', 'other', 'v10'].map((version) => of('example.io', version)),
  );
  expect(group?.versions.map(({ version }) => version)).toEqual(['v10', 'v1', 'v1beta1', 'v2alpha1', 'other']);
});

test('parts of a kind are listed by name, as upstream lists those of Pods', () => {
  const pods = resources.find(({ group, names }) => group === '' && names.plural === 'pods');
  const names = byName(pods?.subresources ?? []).map(({ name }) => name);
  expect(names.slice(0, 3)).toEqual(['attach', 'binding', 'ephemeralcontainers']);
  expect(names.slice(-3)).toEqual(['proxy', 'resize', 'status']);
});
