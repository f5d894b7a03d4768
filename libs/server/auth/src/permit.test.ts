import type { ResourceAct } from './act.js';
import { type Context, silentLogger, FakeClock } from '@binnacle/machinery-context';
import { newForbidden } from '@binnacle/machinery-meta';
import { expect, test } from 'vitest';
import { type ActKind, type AuthorizationAttributes, Permit } from './index.js';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
const YES = { allowed: true, reason: '' };
const user = { name: 'ada', groups: [] };

type Asked = Partial<ResourceAct>;

const attributesOf = (verb: string, asked: Asked = {}): AuthorizationAttributes => {
  const resource = { group: '', version: 'v1', resource: 'pods', subresource: '', namespace: 'a', name: '', ...asked };
  return { user, cluster: 'main', verb, resource };
};
const permit = (verb: string, asked?: Asked) => Permit.of(attributesOf(verb, asked), YES);
const on = (name = 'p', namespace = 'a', resource = 'pods', group = '') => {
  return { cluster: 'main', group, resource, namespace, name };
};

test.each<[verb: string, does: ActKind[]]>([
  ['get', ['read']],
  ['list', ['read']],
  ['watch', ['read']],
  ['create', ['create']],
  ['update', ['read', 'update']],
  ['patch', ['read', 'update']],
  ['delete', ['read', 'delete']],
  ['deletecollection', ['read', 'delete']],
  ['impersonate', []],
])('%s does no more than it says', (verb, does) => {
  for (const act of ['read', 'create', 'update', 'delete'] as const) {
    const check = () => permit(verb).check(act, on());
    if (does.includes(act)) expect(check).not.toThrow();
    else expect(check).toThrow(`nobody asked whether ada may ${act} /pods a/p in main`);
  }
});

test.each([
  ['another namespace', on('p', 'b')],
  ['all namespaces', on('', '')],
  ['another resource', on('p', 'a', 'secrets')],
  ['another group', on('p', 'a', 'pods', 'metrics.k8s.io')],
  ['another cluster', { ...on(), cluster: 'lab' }],
  ['the past of its cluster', { ...on(), cluster: 'main@42' }],
])('%s is not what was asked for', (_, other) => {
  expect(() => permit('get').check('read', other)).toThrow('nobody asked');
});

test('a permit for one object is for no other and for no collection', () => {
  const one = permit('get', { name: 'p' });
  expect(() => one.check('read', on())).not.toThrow();
  expect(() => one.check('read', on('q'))).toThrow('nobody asked');
  expect(() => one.check('read', on(''))).toThrow('nobody asked');
});

test('a permit across namespaces holds in each of them', () => {
  expect(() => permit('list', { namespace: '' }).check('read', on('', 'b'))).not.toThrow();
});

test('a Namespace is asked for inside itself', () => {
  const own = permit('get', { resource: 'namespaces', namespace: 'a', name: 'a' });
  expect(() => own.check('read', on('a', '', 'namespaces'))).not.toThrow();
  expect(() => own.check('read', on('b', '', 'namespaces'))).toThrow('nobody asked');
});

test('what a subresource does to its object is for its server to know', () => {
  expect(() => permit('create', { subresource: 'eviction', name: 'p' }).check('delete', on())).not.toThrow();
  expect(() => permit('create', { subresource: 'eviction', name: 'p' }).check('delete', on('q'))).toThrow();
});

test('a permit for a path is for no object', () => {
  const path = Permit.of({ user, cluster: 'main', verb: 'get', path: '/version' }, YES);
  expect(() => path.check('read', on())).toThrow('nobody asked');
});

test('there is none of a refusal, but for the namespaces it leaves', () => {
  const no = { allowed: false, reason: 'no' };
  expect(() => Permit.of(attributesOf('list'), no)).toThrow('a permit of a refusal');
  const some = { ...no, namespaces: new Set(['a']) };
  expect(Permit.of(attributesOf('list', { namespace: '' }), some).namespaces).toEqual(new Set(['a']));
  expect(() => Permit.of(attributesOf('list'), some)).toThrow('a permit of a refusal');
  expect(() => Permit.of(attributesOf('delete', { namespace: '' }), some)).toThrow('a permit of a refusal');
});

test('a permit in some namespaces reaches no other', () => {
  const some = Permit.of(attributesOf('list', { namespace: '' }), {
    ...YES,
    allowed: false,
    namespaces: new Set(['a']),
  });
  expect(() => some.check('read', on('', 'a'))).not.toThrow();
  expect(() => some.check('read', on('', ''))).not.toThrow();
  expect(() => some.check('read', on('', 'b'))).toThrow('nobody asked');
});

test('another verb is asked for at the same place', async () => {
  const asked: AuthorizationAttributes[] = [];
  const first = Permit.of(attributesOf('patch', { name: 'p' }), YES, (_, attributes) => {
    asked.push(attributes);
    return Permit.of(attributes, YES);
  });
  const more = await first.also(ctx, 'create');
  expect(asked).toEqual([attributesOf('create', { name: 'p' })]);
  expect(() => more.check('create', on())).not.toThrow();
});

test('a refusal of another verb is told as it is', async () => {
  const refuse = () => Promise.reject(newForbidden({ group: '', resource: 'pods' }, 'p', 'no'));
  const first = Permit.of(attributesOf('patch'), YES, refuse);
  await expect(Promise.resolve(first.also(ctx, 'create'))).rejects.toMatchObject({ reason: 'Forbidden' });
  expect(() => permit('patch').also(ctx, 'create')).toThrow('nobody can be asked');
});

test('the server asks nobody', () => {
  expect(() => Permit.unlimited.check('delete', on())).not.toThrow();
  expect(Permit.unlimited.also(ctx, 'create')).toBe(Permit.unlimited);
});
