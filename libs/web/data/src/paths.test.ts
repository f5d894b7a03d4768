import { expect, test } from 'vitest';
import { apiPath, pages, readPlace } from './index.js';

const pods = { group: '', version: 'v1', resource: 'pods' };
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' };

test('API paths', () => {
  expect([
    apiPath({ ...pods, cluster: 'main' }),
    apiPath({ ...pods, cluster: 'main', namespace: 'default', name: 'web-1', subresource: 'log' }, { follow: true }),
    apiPath({ ...deployments, cluster: 'team-a', namespace: 'x' }, { limit: 5, continue: '' }),
  ]).toEqual([
    '/api/v1/pods',
    '/api/v1/namespaces/default/pods/web-1/log?follow=true',
    '/clusters/team-a/apis/apps/v1/namespaces/x/deployments?limit=5',
  ]);
});

test('page paths', () => {
  expect([
    pages.signIn('/c/main/pods'),
    pages.overview('main'),
    pages.reachability('main', { toKind: 'pod', toIn: 'shop', to: 'web-0' }),
    pages.list('main', deployments, { ns: 'default', q: 'web' }),
    pages.detail('main', deployments, { namespace: 'default', name: 'web' }, { tab: 'yaml' }),
    pages.detail('main', { group: '', resource: 'nodes' }, { namespace: '', name: 'n/1' }),
  ]).toEqual([
    '/sign-in?to=%2Fc%2Fmain%2Fpods',
    '/c/main',
    '/c/main/reachability?toKind=pod&toIn=shop&to=web-0',
    '/c/main/deployments.apps?ns=default&q=web',
    '/c/main/deployments.apps/default/web?tab=yaml',
    '/c/main/nodes/n%2F1',
  ]);
});

test.each([
  ['/c/main', { page: 'overview' }],
  ['/c/main/kinds', { page: 'kinds' }],
  ['/c/main/apply', { page: 'apply' }],
  ['/c/main/reachability', { page: 'reachability' }],
  ['/c/main/deployments.apps', { page: 'list', id: 'deployments.apps' }],
  ['/c/main/nodes/worker-1', { page: 'detail', id: 'nodes', ref: { namespace: '', name: 'worker-1' } }],
  ['/c/main/pods/shop/a%2Fb', { page: 'detail', id: 'pods', ref: { namespace: 'shop', name: 'a/b' } }],
  ['/c/main/pods/a/b/c', { page: 'none' }],
  ['/c/main/pods/%', { page: 'detail', id: 'pods', ref: { namespace: '', name: '%' } }],
  ['/sign-in', { page: 'none' }],
])('%s shows %j', (pathname, place) => expect(readPlace(pathname)).toEqual(place));
