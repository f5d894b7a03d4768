import { expect, test } from 'vitest';
import { find, findGroups } from './palette-rank.js';

const kinds = {
  heading: 'kinds',
  entries: [
    { id: 'Pods', names: ['Pods', 'pods', 'po'] },
    { id: 'PodTemplates', names: ['PodTemplates', 'podtemplates'] },
    { id: 'Endpoints', names: ['Endpoints', 'endpoints', 'ep'] },
    { id: 'Deployments', names: ['Deployments', 'deployments', 'deploy'], description: 'apps' },
  ],
};
const objects = {
  heading: 'objects',
  entries: [
    { id: 'kube-proxy', names: ['kube-proxy-control-plane'], description: 'Pod kube-system' },
    { id: 'postgres', names: ['postgres-control-plane'], description: 'Pod kube-system' },
    { id: 'cart', names: ['cart'], description: 'Deployment shop' },
    { id: 'cart-1', names: ['cart-577c-x'], description: 'Pod shop' },
  ],
};
const namespaces = { heading: 'namespaces', entries: [{ id: 'shop', names: ['shop'], description: 'namespace' }] };
const groups = [objects, kinds, namespaces];

test.each([
  ['po', 'kinds', 'Pods'],
  ['pods', 'kinds', 'Pods'],
  ['deploy', 'kinds', 'Deployments'],
  ['cart', 'objects', 'cart'],
  ['pod cart', 'objects', 'cart-1'],
  ['shop', 'namespaces', 'shop'],
  ['proxy', 'objects', 'kube-proxy'],
])('%j finds first, among the %s, %s', (query, heading, id) => {
  const [first] = findGroups(query, groups);
  expect([first?.heading, first?.entries[0]?.id]).toEqual([heading, id]);
});

test('letters strewn over a name are no match', () => {
  expect(find('pods', kinds.entries).map(({ id }) => id)).toEqual(['Pods']);
  expect(findGroups('xyz', groups)).toEqual([]);
});

test('without a query everything is there, in its order', () => {
  expect(findGroups('', groups)).toEqual(groups);
});
