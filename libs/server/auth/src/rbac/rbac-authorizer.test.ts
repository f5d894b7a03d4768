import type { PolicyRule, RoleRef, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import { ruleOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuthorizationAttributes } from '../authorizer.js';
import type { UserInfo } from '../user-info.js';
import { subjectOf } from './bootstrap/objects.js';
import { RbacAuthorizer } from './rbac-authorizer.js';
import { policyRuleAllows } from './rule-matching.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const GROUP = 'rbac.authorization.k8s.io';
const user = (name: string, ...groups: string[]): UserInfo => ({ name, groups });
const alice = user('alice', 'devs');
const robot = user('system:serviceaccount:shop:ci', 'system:serviceaccounts');

let storage: MemoryStorage;
let authorizer: RbacAuthorizer;

beforeEach(async () => {
  storage = new MemoryStorage();
  for (const cluster of ['main', 'lab']) await storage.createCluster(ctx, cluster);
  authorizer = new RbacAuthorizer(storage);
});

interface Place {
  readonly cluster?: string;
  readonly namespace?: string;
}

const keyOf = (plural: string, name: string, { cluster = 'main', namespace = '' }: Place) => ({
  cluster,
  resource: `${GROUP}/${plural}`,
  namespace,
  name,
});

async function put(plural: string, name: string, place: Place, fields: object): Promise<void> {
  const { namespace } = place;
  const object = {
    apiVersion: `${GROUP}/v1`,
    kind: 'X',
    metadata: { name, ...(namespace && { namespace }) },
    ...fields,
  };
  await storage.write(ctx, {
    op: 'create',
    key: keyOf(plural, name, place),
    body: encodeBody(object as unknown as UnstructuredObject),
    attributes: { labels: {}, fields: {} },
    actor: { user: '', client: '' },
  });
}

async function remove(plural: string, name: string, place: Place = {}): Promise<void> {
  const stored = storage.peek(keyOf(plural, name, place));
  if (!stored) throw new Error(`no ${name}`);
  const { key, body, attributes, revision } = stored;
  await storage.write(ctx, {
    op: 'delete',
    key,
    body,
    attributes,
    expected: revision,
    actor: { user: '', client: '' },
  });
}

const role = (name: string, rules: PolicyRule[], place: Place = {}) =>
  put(place.namespace ? 'roles' : 'clusterroles', name, place, { rules });

function bind(name: string, ref: string, subjects: Subject[], place: Place = {}): Promise<void> {
  const [kind = '', role = ''] = ref.split('/');
  const roleRef: RoleRef = { apiGroup: GROUP, kind, name: role };
  return put(place.namespace ? 'rolebindings' : 'clusterrolebindings', name, place, { roleRef, subjects });
}

/** `get apps deployments/scale shop web`, or `get /metrics`. */
function act(line: string): Pick<AuthorizationAttributes, 'verb' | 'resource' | 'path'> {
  const [verb = '', group = '', whole, namespace = '', name = ''] = line.split(' ');
  if (whole === undefined) return { verb, path: group };
  const [resource = '', subresource = ''] = whole.split('/');
  const place = { version: 'v1', subresource, namespace: namespace === '-' ? '' : namespace, name };
  return { verb, resource: { group: group === 'core' ? '' : group, resource, ...place } };
}

const ask = async (who: UserInfo, line: string, cluster = 'main') =>
  authorizer.authorize(ctx, { user: who, cluster, ...act(line) });
const may = async (who: UserInfo, line: string, cluster = 'main') => (await ask(who, line, cluster)).allowed;

describe('roles', () => {
  beforeEach(async () => {
    await role('reader', [ruleOf('read core pods'), ruleOf('get /metrics,/debug/*')]);
    await role('web', [ruleOf('get,update apps deployments,*/scale web')], { namespace: 'shop' });
    await bind('devs', 'ClusterRole/reader', [subjectOf('group:devs')]);
    await bind('web', 'Role/web', [{ kind: 'ServiceAccount', name: 'ci' }], { namespace: 'shop' });
  });

  test('bound in the whole cluster hold in each of its namespaces and for paths, and in no other cluster', async () => {
    const lines = [
      'get core pods shop a',
      'list core pods',
      'get core pods/log shop a',
      'get /metrics',
      'get /debug/a',
      'get /x',
    ];
    expect(await Promise.all(lines.map((line) => may(alice, line)))).toEqual([true, true, false, true, true, false]);
    expect(await may(alice, 'list core pods', 'lab')).toBe(false);
  });

  test('of a namespace hold there, for the names they say; who asks for none asks for all', async () => {
    const lines = [
      'get apps deployments shop web',
      'update apps replicasets/scale shop web',
      'get apps deployments shop other',
      'list apps deployments shop',
      'get apps deployments other web',
    ];
    expect(await Promise.all(lines.map((line) => may(robot, line)))).toEqual([true, true, false, false, false]);
  });

  test('give reasons as upstream', async () => {
    expect((await ask(alice, 'list core pods')).reason).toBe(
      'RBAC: allowed by ClusterRoleBinding "devs" of ClusterRole "reader" to Group "devs"',
    );
    expect((await ask(robot, 'get apps deployments shop web')).reason).toBe(
      'RBAC: allowed by RoleBinding "web/shop" of Role "web" to ServiceAccount "ci/shop"',
    );
  });

  test('are remembered by question, of which none is longer than what there can be', async () => {
    expect(await ask(alice, 'get core pods')).toBe(await ask(alice, 'get core pods'));
    const long = `get core pods ${'n'.repeat(2_000)}`;
    expect(await ask(alice, long)).not.toBe(await ask(alice, long));
    const endless = `list core ${'n'.repeat(2_000)}`;
    await bind('shop', 'ClusterRole/reader', [subjectOf('user:bob')], { namespace: 'shop' });
    const bob = user('bob');
    await role('all', [ruleOf('list core *')]);
    await bind('all', 'ClusterRole/all', [subjectOf('user:bob')], { namespace: 'shop' });
    expect(await ask(bob, endless)).toMatchObject({ allowed: false, namespaces: new Set(['shop']) });
    expect(await ask(bob, endless)).not.toBe(await ask(bob, endless));
  });

  test('of very many grants are remembered for few questions', async () => {
    const names = Array.from({ length: 12_000 }, (_, at) => ruleOf(`get core pods,secrets n${at}`));
    const bob = user('bob');
    await role('many', names, { namespace: 'big' });
    await bind('many', 'Role/many', [subjectOf('user:bob')], { namespace: 'big' });
    await bind('more', 'Role/many', [subjectOf('user:bob')], { namespace: 'big' });
    const told = await authorizer.rulesFor(ctx, bob, { cluster: 'main', namespace: 'big' });
    expect([told.rules.length, told.errors]).toEqual([20_000, ['only 20000 rules are told']]);
    await remove('rolebindings', 'more', { namespace: 'big' });
    const first = await ask(bob, 'get core pods big n1');
    expect(await ask(bob, 'get core pods big n1')).toBe(first);
    await ask(bob, 'get core secrets big n1');
    await ask(bob, 'get core configmaps big n1');
    const again = await ask(bob, 'get core pods big n1');
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });

  test('are found for a member of very many groups that one binding names', async () => {
    const groups = Array.from({ length: 60_000 }, (_, at) => `g${at}`);
    await role('deleter', [ruleOf('delete core pods')]);
    await bind(
      'groups',
      'ClusterRole/deleter',
      groups.map((name) => subjectOf(`group:${name}`)),
    );
    const member = user('member', ...groups.toReversed());
    expect((await ask(member, 'delete core pods')).reason).toContain('to Group "g0"');
  });

  test('that are not there are named to whom they are bound', async () => {
    await bind('gone', 'ClusterRole/gone', [subjectOf('user:alice')]);
    await bind('gone', 'Role/lost', [subjectOf('user:alice')], { namespace: 'shop' });
    expect(await ask(alice, 'delete core pods shop a')).toEqual({
      allowed: false,
      reason: `RBAC: [clusterrole.${GROUP} "gone" not found, role.${GROUP} "lost" not found]`,
    });
    expect((await ask(alice, 'get core pods shop a')).allowed).toBe(true);
    expect(await authorizer.rulesFor(ctx, alice, { cluster: 'main', namespace: '' })).toEqual({
      rules: [ruleOf('read core pods'), ruleOf('get /metrics,/debug/*')],
      errors: [`clusterrole.${GROUP} "gone" not found`],
    });
  });

  test('are decided upon as they are from the moment they change, and whoever listens is told then', async () => {
    const seen: boolean[] = [];
    authorizer.onChange('main', () => void may(alice, 'list core pods').then((is) => seen.push(is)));
    expect(await may(alice, 'list core pods')).toBe(true);
    await remove('clusterrolebindings', 'devs');
    expect(await may(alice, 'list core pods')).toBe(false);
    await bind('devs', 'ClusterRole/reader', [subjectOf('user:alice')]);
    expect(await may(alice, 'list core pods')).toBe(true);
    await remove('clusterroles', 'reader');
    expect(await may(alice, 'list core pods')).toBe(false);
    expect(seen).toEqual([false, true, false]);
  });
});

describe('the mark of what is bound to somebody', () => {
  const markOf = (who: UserInfo) => Promise.resolve(authorizer.markOf(ctx, who, 'main'));
  /** Whether a change gives somebody another mark. */
  const marks = async (who: UserInfo, change: () => Promise<void>) => {
    const before = await markOf(who);
    await change();
    return (await markOf(who)) !== before;
  };
  beforeEach(async () => {
    await role('reader', [ruleOf('read core pods')]);
    await bind('devs', 'ClusterRole/reader', [subjectOf('group:devs')]);
    await bind('gone', 'ClusterRole/later', [subjectOf('user:alice')], { namespace: 'shop' });
  });

  test('stays while only others are given something, whoever asks', async () => {
    const told = [
      () => bind('others', 'ClusterRole/reader', [subjectOf('user:bob')]),
      () => bind('a-first', 'ClusterRole/reader', [subjectOf('group:ops')], { namespace: 'shop' }),
      () => role('unbound', [ruleOf('read core secrets')]),
      () => remove('clusterrolebindings', 'others'),
    ];
    const others: boolean[] = [];
    for (const change of told) others.push(await marks(alice, change));
    expect(others).toEqual([false, false, false, false]);
    expect(await markOf(user('alice', 'devs'))).toBe(await markOf(alice));
  });

  test('is another with a binding, a role, a role that comes, and without them', async () => {
    const told = [
      () => bind('more', 'ClusterRole/reader', [subjectOf('user:alice')], { namespace: 'lab' }),
      () => role('later', [ruleOf('read core secrets')]),
      () => remove('clusterroles', 'later'),
      () => remove('rolebindings', 'more', { namespace: 'lab' }),
      () => remove('clusterrolebindings', 'devs'),
    ];
    const changed: boolean[] = [];
    for (const change of told) changed.push(await marks(alice, change));
    expect(changed).toEqual([true, true, true, true, true]);
  });

  test('is of somebody and their groups', async () => {
    expect(await markOf(user('alice'))).not.toBe(await markOf(alice));
    expect(await marks(robot, () => remove('clusterrolebindings', 'devs'))).toBe(false);
  });
});

describe('what is refused across namespaces', () => {
  beforeEach(async () => {
    await role('reader', [ruleOf('read core pods,namespaces')]);
    await role('one', [ruleOf('read core pods web')], { namespace: 'c' });
    for (const namespace of ['a', 'b']) await bind('x', 'ClusterRole/reader', [subjectOf('user:alice')], { namespace });
    await bind('x', 'Role/one', [subjectOf('user:alice')], { namespace: 'c' });
  });

  const places = async (line: string) => [...((await ask(alice, line)).namespaces ?? [])];

  test('says where it is allowed', async () => {
    expect(await places('list core pods')).toEqual(['a', 'b']);
    expect(await places('watch core pods - web')).toEqual(['a', 'b', 'c']);
    expect(await places('delete core pods')).toEqual([]);
    expect(await places('list core secrets')).toEqual([]);
  });

  test('says of Namespaces which may be got', async () => {
    expect(await places('list core namespaces')).toEqual(['a', 'b']);
    expect(await places('list core namespaces - a')).toEqual(['a']);
    expect(await authorizer.boundNamespaces(ctx, alice, 'main')).toEqual(new Set(['a', 'b', 'c']));
  });
});

test('one user object asked much keeps answering right', async () => {
  await role('reader', [ruleOf('read core pods')]);
  await bind('x', 'ClusterRole/reader', [subjectOf('user:alice')]);
  for (let at = 0; at < 5_000; at += 1) expect(await may(alice, `get core pods n${at} a`)).toBe(true);
});

describe('a cluster', () => {
  test('that is not there is not decided upon', async () => {
    await expect(may(alice, 'list core pods', 'nowhere')).rejects.toThrow();
  });

  test('is read anew when its cache was dropped meanwhile', async () => {
    let cached = false;
    const source = {
      list: async (...[call, scope, options]: Parameters<MemoryStorage['list']>) => {
        cached = true;
        return storage.list(call, scope, options);
      },
      peekAll: (scope: Parameters<MemoryStorage['peekAll']>[0]) => (cached ? storage.peekAll(scope) : undefined),
      sizeOf: () => (cached ? { objects: 0, bytes: 0 } : undefined),
    };
    authorizer = new RbacAuthorizer(source);
    const asked = { user: alice, cluster: 'main', ...act('list core pods') };
    expect(await authorizer.authorize(ctx, asked)).toMatchObject({ allowed: false });
    await role('reader', [ruleOf('read core pods')]);
    await bind('x', 'ClusterRole/reader', [subjectOf('user:alice')]);
    cached = false;
    expect(await authorizer.authorize(ctx, asked)).toMatchObject({ allowed: true });
    expect(authorizer.authorize(ctx, asked)).not.toBeInstanceOf(Promise);
  });

  test('is not kept in mind when its cache forgets it', async () => {
    let forget: (cluster: string) => void = () => undefined;
    const peekAll = vi.fn((scope: Parameters<MemoryStorage['peekAll']>[0]) => storage.peekAll(scope));
    const source = {
      list: storage.list.bind(storage),
      peekAll,
      onChange: () => () => undefined,
      onForget: (listener: typeof forget) => {
        forget = listener;
        return () => undefined;
      },
    };
    authorizer = new RbacAuthorizer(source);
    const asked = { user: alice, cluster: 'main', ...act('list core pods') };
    await authorizer.authorize(ctx, asked);
    const looks = peekAll.mock.calls.length;
    await authorizer.authorize(ctx, asked);
    expect(peekAll).toHaveBeenCalledTimes(looks);
    forget('main');
    await authorizer.authorize(ctx, asked);
    expect(peekAll).toHaveBeenCalledTimes(2 * looks);
  });
});

test('compiled or not, the same rules allow the same', async () => {
  const from = (...values: string[]) => fc.constantFrom(...values);
  const some = (...values: string[]) => fc.subarray(values, { minLength: 1 });
  const rule = fc.record(
    {
      verbs: some('get', 'list', '*'),
      apiGroups: some('', 'apps', '*'),
      resources: some('pods', 'pods/log', '*/log', '*', 'deployments'),
      resourceNames: fc.subarray(['a', 'b']),
    },
    { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
  );
  const question = fc.tuple(
    from('get', 'list', 'create'),
    from('core', 'apps'),
    from('pods', 'pods/log', 'deployments'),
  );
  const named = fc.tuple(from('-', 'n', 'm'), from('', 'a', 'c'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(rule),
      fc.array(rule),
      fc.array(fc.tuple(question, named)),
      async (wide, narrow, asked) => {
        storage = new MemoryStorage();
        await storage.createCluster(ctx, 'main');
        authorizer = new RbacAuthorizer(storage);
        await role('wide', wide);
        await role('narrow', narrow, { namespace: 'n' });
        await bind('wide', 'ClusterRole/wide', [subjectOf('group:devs')]);
        await bind('narrow', 'Role/narrow', [subjectOf('user:alice')], { namespace: 'n' });
        for (const [what, [namespace, name]] of asked) {
          const line = [...what, namespace, name].join(' ');
          const held = namespace === 'n' ? [...wide, ...narrow] : wide;
          const attributes = { user: alice, cluster: 'main', ...act(line) };
          expect(await may(alice, line)).toBe(held.some((one) => policyRuleAllows(one, attributes)));
        }
      },
    ),
    { numRuns: 60 },
  );
});
