import { mandatoryFlowSchemas, suggestedFlowSchemas } from '@binnacle/apis-kubernetes/flowcontrol/v1/bootstrap';
import { expect, it } from 'vitest';
import type { FlowRequest } from '../types.js';
import { Classifier } from './classifier.js';

const classifier = new Classifier([...suggestedFlowSchemas, ...mandatoryFlowSchemas], ({ metadata }) => metadata.name);
const authenticated = 'system:authenticated';

function request(name: string, groups: string[], verb: string, what: string, namespace = ''): FlowRequest {
  const user = { name, groups: [...groups, authenticated] };
  if (what.startsWith('/')) return { user, cluster: 'main', verb, path: what };
  const [plural = '', group = ''] = what.split('.').length > 1 ? what.split(/\.(.*)/s) : [what];
  const [resource = '', subresource = ''] = plural.split('/');
  return { user, cluster: 'main', verb, resource: { group, resource, subresource, namespace } };
}

const account = (name: string) => [`system:serviceaccount:${name}`, ['system:serviceaccounts']] as const;

it.each<[expected: string, FlowRequest]>([
  ['exempt', request('admin', ['system:masters'], 'list', 'secrets', 'a')],
  ['probes', request('a', [], 'get', '/readyz')],
  ['probes', request('a', [], 'get', '/livez/ping')],
  ['global-default', request('a', [], 'get', '/livezz')],
  [
    'system-leader-election',
    request('system:kube-scheduler', [], 'update', 'leases.coordination.k8s.io', 'kube-system'),
  ],
  ['kube-scheduler', request('system:kube-scheduler', [], 'list', 'leases.coordination.k8s.io', 'kube-system')],
  ['kube-scheduler', request('system:kube-scheduler', [], 'create', 'pods/binding', 'a')],
  ['kube-controller-manager', request('system:kube-controller-manager', [], 'list', 'pods')],
  ['system-node-high', request('system:node:a', ['system:nodes'], 'patch', 'nodes/status')],
  [
    'system-node-high',
    request('system:node:a', ['system:nodes'], 'update', 'leases.coordination.k8s.io', 'kube-node-lease'),
  ],
  ['system-nodes', request('system:node:a', ['system:nodes'], 'patch', 'pods/status', 'a')],
  ['kube-system-service-accounts', request(...mutable(account('kube-system:x')), 'list', 'pods', 'a')],
  ['service-accounts', request(...mutable(account('kube-systems:x')), 'list', 'pods', 'a')],
  ['global-default', request('ann', [], 'list', 'pods', 'a')],
  ['global-default', request('ann', [], 'get', '/version')],
])('%s', (expected, asked) => {
  expect(classifier.classify(asked)).toBe(expected);
  expect(classifier.classify(asked)).toBe(expected);
});

function mutable([name, groups]: readonly [string, readonly string[]]): [string, string[]] {
  return [name, [...groups]];
}

it('takes whoever nothing matches for one of all the others', () => {
  expect(classifier.classify({ user: { name: 'x', groups: [] }, cluster: 'main', verb: 'get', path: '/' })).toBe(
    'catch-all',
  );
});
