import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { BuiltinAuthorizer } from './builtin-authorizer.js';
import { ANONYMOUS, type UserInfo } from './user-info.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const authorizer = new BuiltinAuthorizer();
const alice: UserInfo = { name: 'alice', groups: ['system:authenticated'] };
const admin: UserInfo = { name: 'a', groups: ['system:masters'] };
const secrets = { group: '', version: 'v1', resource: 'secrets', subresource: '', namespace: '', name: '' };

const mayReach = (user: UserInfo, path: string) =>
  authorizer.authorize(ctx, { user, cluster: 'main', verb: 'get', path }).allowed;
const mayDelete = (user: UserInfo) =>
  authorizer.authorize(ctx, { user, cluster: 'main', verb: 'delete', resource: secrets }).allowed;

test('administrators may do everything, others nothing that roles give', () => {
  expect([mayDelete(admin), mayReach(admin, '/metrics'), mayDelete(alice)]).toEqual([true, true, false]);
});

test.each([ANONYMOUS, alice])('everybody may see whether the server is well, and sign in', (user) => {
  const paths = ['/readyz', '/livez/ping', '/version', '/auth/login', '/apis', '/metrics'];
  expect(paths.map((path) => mayReach(user, path))).toEqual([true, true, true, true, false, false]);
});

test('what somebody may is told as roles tell it', () => {
  expect(authorizer.rulesFor(ctx, admin).rules).toEqual([
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ]);
  expect(authorizer.rulesFor(ctx, alice).rules).toEqual([
    {
      verbs: ['get', 'head'],
      nonResourceURLs: expect.arrayContaining(['/healthz', '/livez/*', '/version']) as string[],
    },
    { verbs: ['delete', 'get', 'post'], nonResourceURLs: ['/auth/*'] },
  ]);
  expect(authorizer.rulesFor(ctx, { name: 'x', groups: [] }).rules).toEqual([]);
});
