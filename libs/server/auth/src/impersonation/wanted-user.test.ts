import { expect, test } from 'vitest';
import { wantedUserOf } from './wanted-user.js';

test('a request is usually made as who makes it', () => {
  expect(wantedUserOf({ accept: '*/*', authorization: 'Bearer x' })).toBeUndefined();
});

test('is read as it is said', () => {
  const headers = {
    'impersonate-user': 'jane',
    'impersonate-group': ['a', 'b, c'],
    'impersonate-uid': 'u',
    'impersonate-extra-b': '1',
    'impersonate-extra-acme.com%2fscope': 'x, y',
  };
  const extra = { 'acme.com/scope': ['x', 'y'], b: ['1'] };
  expect(wantedUserOf(headers)).toEqual({ name: 'jane', uid: 'u', groups: ['a', 'b', 'c'], extra });
  expect(wantedUserOf({ 'impersonate-user': 'jane' })).toEqual({ name: 'jane', uid: '', groups: [], extra: {} });
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
  expect(() => wantedUserOf(headers)).toThrow(
    `requested &user.DefaultInfo{Name:"", ${asked}} without impersonating a user name`,
  );
});

test.each(['user', 'uid', 'scopes'])('an Impersonate-%s that says nothing asks for nobody', (name) => {
  expect(wantedUserOf({ [`impersonate-${name}`]: name === 'scopes' ? 'x' : '' })).toBeUndefined();
});

test('names are not only of English letters', () => {
  const bytes = (text: string) => Buffer.from(text).toString('latin1');
  const headers = { 'impersonate-user': bytes('张三'), 'impersonate-group': [bytes('équipe')] };
  expect(wantedUserOf(headers)).toMatchObject({ name: '张三', groups: ['équipe'] });
  const offered = { 'impersonate-user': '张三', 'impersonate-group': ['équipe'] };
  expect(wantedUserOf(offered)).toEqual(wantedUserOf(headers));
});
