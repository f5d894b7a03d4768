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
    'authentication.k8s.io/uids///u',
    '/groups///a',
    '/groups///b',
    'authentication.k8s.io/userextras/acme.com/scope//x',
    'authentication.k8s.io/userextras/acme.com/scope//y',
  ]);
  expect(texts({ 'impersonate-user': 'system:serviceaccount:ns:sa' })).toEqual(['/serviceaccounts//ns/sa']);
});

test('extras are asked for by their names', () => {
  const headers = { 'impersonate-user': 'jane', 'impersonate-extra-b': '1', 'impersonate-extra-a': '2' };
  expect(texts(headers)?.slice(1)).toEqual([
    'authentication.k8s.io/userextras/a//2',
    'authentication.k8s.io/userextras/b//1',
  ]);
});

test.each([
  [
    { 'impersonate-group': 'system:masters' },
    'UID:"", Groups:[]string{"system:masters"}, Extra:map[string][]string(nil)',
  ],
  [{ 'impersonate-uid': 'u' }, 'UID:"u", Groups:[]string(nil), Extra:map[string][]string(nil)'],
  [
    { 'impersonate-user': '', 'impersonate-extra-b': '1', 'impersonate-extra-a': ['2', '3'] },
    'UID:"", Groups:[]string(nil), Extra:map[string][]string{"a":[]string{"2", "3"}, "b":[]string{"1"}}',
  ],
])('%j without a user is refused', (headers: Record<string, string | string[]>, asked) => {
  expect(() => impersonationOf(headers)).toThrow(
    `requested &user.DefaultInfo{Name:"", ${asked}} without impersonating a user name`,
  );
});

test.each(['user', 'uid', 'scopes'])('an Impersonate-%s that says nothing asks for nobody', (name) => {
  expect(impersonationOf({ [`impersonate-${name}`]: name === 'scopes' ? 'x' : '' })).toBeUndefined();
});

test.each(['system:serviceaccount:N1:x', 'system:serviceaccount:n1:a_b', 'system:serviceaccount:n1'])(
  '%s is no account, but a user',
  (name) => {
    expect(texts({ 'impersonate-user': name })).toEqual([`/users///${name}`]);
    expect(impersonationOf({ 'impersonate-user': name })?.user.groups).toEqual(['system:authenticated']);
  },
);

test('nobody in particular has not signed in', () => {
  const headers = { 'impersonate-user': 'system:anonymous', 'impersonate-group': 'system:authenticated' };
  expect(impersonationOf(headers)?.user.groups).toEqual(['system:authenticated', 'system:unauthenticated']);
});

test('names are not only of English letters', () => {
  const bytes = (text: string) => Buffer.from(text).toString('latin1');
  const headers = { 'impersonate-user': bytes('张三'), 'impersonate-group': [bytes('équipe')] };
  expect(impersonationOf(headers)?.user).toMatchObject({ name: '张三', groups: ['équipe', 'system:authenticated'] });
  expect(texts(headers)).toEqual(['/users///张三', '/groups///équipe']);
  const offered = { 'impersonate-user': '张三', 'impersonate-group': ['équipe'] };
  expect(impersonationOf(offered)).toEqual(impersonationOf(headers));
});
