import { expect, test } from 'vitest';
import { impersonationOf } from './index.js';

const texts = (headers: Record<string, string | string[]>) =>
  impersonationOf(headers)?.parts.map(({ group, resource, subresource, namespace, name }) =>
    [group, resource, subresource, namespace, name].join('/'),
  );

test('a request is usually made as who makes it', () => {
  expect(impersonationOf({ accept: '*/*', authorization: 'Bearer x' })).toBeUndefined();
});

test.each([
  [{ 'impersonate-user': 'jane' }, 'jane', ['system:authenticated']],
  [{ 'impersonate-user': 'jane', 'impersonate-group': 'a, b' }, 'jane', ['a', 'b', 'system:authenticated']],
  [{ 'impersonate-user': 'jane', 'impersonate-group': 'system:unauthenticated' }, 'jane', ['system:unauthenticated']],
  [{ 'impersonate-user': 'system:anonymous' }, 'system:anonymous', ['system:unauthenticated']],
  [
    { 'impersonate-user': 'system:serviceaccount:ns:sa' },
    'system:serviceaccount:ns:sa',
    ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
  ],
])('%j makes it as %s of %j', (headers, name, groups) => {
  expect(impersonationOf(headers)?.user).toEqual({ name, groups });
});

test('everything that is put on must be allowed', () => {
  const headers = {
    'impersonate-user': 'jane',
    'impersonate-group': ['a', 'b'],
    'impersonate-uid': 'u',
    'impersonate-extra-acme.com%2fscope': 'x, y',
  };
  expect(impersonationOf(headers)?.user).toMatchObject({ uid: 'u', extra: { 'acme.com/scope': ['x', 'y'] } });
  expect(texts(headers)).toEqual([
    '/users///jane',
    '/groups///a',
    '/groups///b',
    'authentication.k8s.io/userextras/acme.com/scope//x',
    'authentication.k8s.io/userextras/acme.com/scope//y',
    'authentication.k8s.io/uids///u',
  ]);
  expect(texts({ 'impersonate-user': 'system:serviceaccount:ns:sa' })).toEqual(['/serviceaccounts//ns/sa']);
});

test('a group without a user is refused', () => {
  expect(() => impersonationOf({ 'impersonate-group': 'system:masters' })).toThrow('without impersonating a user');
});
