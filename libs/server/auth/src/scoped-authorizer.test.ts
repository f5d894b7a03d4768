import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { describe, expect, test } from 'vitest';
import type { AuthorizationAttributes } from './authorizer.js';
import { ScopedAuthorizer } from './scoped-authorizer.js';
import type { CredentialScope } from './user-info.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const authorizer = new ScopedAuthorizer({ authorize: () => ({ allowed: true, reason: '' }) });

type Asked = Omit<AuthorizationAttributes, 'user'>;

async function reasonFor(scope: CredentialScope | undefined, asked: Asked): Promise<string | undefined> {
  const user = { name: 'ann', groups: ['system:masters'], ...(scope && { scope }) };
  const { allowed, reason } = await authorizer.authorize(ctx, { user, ...asked });
  return allowed ? undefined : reason;
}

function on(verb: string, resource: string, cluster = 'main', group = ''): Asked {
  const [plural = '', subresource = ''] = resource.split('/');
  return {
    cluster,
    verb,
    resource: { group, version: 'v1', resource: plural, subresource, namespace: 'a', name: 'x' },
  };
}

const READS: CredentialScope = { clusters: [], readOnly: true };
const LAB: CredentialScope = { clusters: ['lab'], readOnly: false };
const PASSWORD: CredentialScope = { ...READS, passwordOnly: true };

test('who is bound to nothing is asked nothing', async () => {
  expect(await reasonFor(undefined, on('delete', 'secrets'))).toBeUndefined();
});

describe('a credential for reading', () => {
  test.each<Asked>([
    on('get', 'pods'),
    on('watch', 'pods'),
    on('get', 'pods/log'),
    on('create', 'selfsubjectaccessreviews', 'main', 'authorization.k8s.io'),
    on('create', 'whocans', 'main', 'authorization.binnacle.dev'),
    { cluster: 'main', verb: 'get', path: '/version' },
    { cluster: 'main', verb: 'get', path: '/clusters' },
  ])('is good for %j', async (asked) => expect(await reasonFor(READS, asked)).toBeUndefined());

  test.each<Asked>([
    on('create', 'pods'),
    on('create', 'bindings'),
    on('impersonate', 'users'),
    on('get', 'pods/exec'),
    on('get', 'pods/attach'),
    on('get', 'pods/portforward'),
    on('get', 'nodes/proxy'),
    on('get', 'services/proxy'),
    on('approve', 'signers'),
    on('create', 'serviceaccounts/token'),
    { cluster: 'main', verb: 'post', path: '/clusters' },
    { cluster: 'main', verb: 'post', path: '/decisions' },
    { cluster: 'lab', verb: 'delete', path: '/' },
  ])('is not for %j', async (asked) => expect(await reasonFor(READS, asked)).toBe('the token is for reading only'));
});

describe('a credential for a logical cluster', () => {
  test.each<Asked>([on('delete', 'pods', 'lab'), on('get', 'pods', 'lab@42')])('is good for %j', async (asked) =>
    expect(await reasonFor(LAB, asked)).toBeUndefined(),
  );
  test.each<Asked>([
    on('get', 'pods'),
    on('get', 'pods', 'main@42'),
    on('get', 'users', 'root', 'iam.binnacle.dev'),
    { cluster: 'main', verb: 'get', path: '/clusters' },
    { cluster: 'lab', verb: 'post', path: '/clusters' },
    { cluster: 'main', verb: 'get', path: '/version' },
  ])('is not for %j', async (asked) =>
    expect(await reasonFor(LAB, asked)).toBe('the token is for other logical clusters'),
  );
});

test('who has to change their password first may do nothing else', async () => {
  for (const asked of [on('get', 'pods'), { cluster: 'main', verb: 'get', path: '/api' }])
    expect(await reasonFor(PASSWORD, asked)).toBe('the password must be changed first');
  expect(await reasonFor(PASSWORD, { cluster: 'main', verb: 'post', path: '/auth/password' })).toBeUndefined();
});
