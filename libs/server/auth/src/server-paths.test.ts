import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { ServerPathAuthorizer } from './server-paths.js';
import type { UserInfo } from './user-info.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const authorizer = new ServerPathAuthorizer({ authorize: () => ({ allowed: true, reason: 'inner' }) });
const tenant: UserInfo = { name: 'tenant', groups: ['tenants'] };
const admin: UserInfo = { name: 'admin', groups: ['system:masters'] };
const acting = { name: 'admin', groups: ['system:masters'], impersonator: { user: tenant, acts: [] } };

const may = (user: UserInfo, verb: string, path: string, cluster = 'lab') =>
  (authorizer.authorize(ctx, { user, cluster, verb, path }) as { allowed: boolean }).allowed;

test.each([
  ['get', '/metrics'],
  ['get', '/debug/api_priority_and_fairness/dump_requests'],
  ['delete', '/'],
  ['patch', '/'],
  ['post', '/clusters'],
])('%s %s of another cluster is for administrators alone', (verb, path) => {
  expect([tenant, acting, admin].map((user) => may(user, verb, path))).toEqual([false, false, true]);
  expect(may(tenant, verb, path, 'main')).toBe(true);
});

test.each([
  ['get', '/'],
  ['get', '/apis/apps/v1'],
  ['get', '/readyz'],
  ['get', '/metricsx'],
])('%s %s is what the roles of the cluster say', (verb, path) => {
  expect(may(tenant, verb, path)).toBe(true);
});

test('objects are the cluster’s own, whatever they are called', () => {
  const resource = { group: '', version: 'v1', resource: 'metrics', subresource: '', namespace: '', name: '' };
  expect(authorizer.authorize(ctx, { user: tenant, cluster: 'lab', verb: 'get', resource })).toMatchObject({
    reason: 'inner',
  });
});
