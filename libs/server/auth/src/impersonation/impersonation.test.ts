import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newForbidden } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Act } from '../act.js';
import { type AskFor, Permit } from '../permit.js';
import { refusalOf } from '../refusal.js';
import type { UserInfo } from '../user-info.js';
import { Impersonation } from './impersonation.js';
import type { WantedUser } from './wanted-user.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const ops: UserInfo = { name: 'ops', groups: [] };
const LIST: Omit<Act, 'cluster'> = {
  verb: 'list',
  resource: { group: '', version: 'v1', resource: 'pods', subresource: '', namespace: 'a', name: '' },
};

/** What is allowed, as `verb group/resource/subresource namespace/name`. */
let allowed: (string | RegExp)[];
let asked: string[];
let askers: UserInfo[];
let impersonation: Impersonation;

const textOf = ({ verb, resource, path }: Act): string => {
  if (!resource) return `${verb} ${path}`;
  const { group, resource: plural, subresource, namespace, name } = resource;
  return `${verb} ${[group, plural, subresource].filter(Boolean).join('/')} ${namespace}/${name}`;
};
const ask: AskFor = (_, attributes) => {
  const text = textOf(attributes);
  asked.push(text);
  askers.push(attributes.user);
  const isAllowed = allowed.some((one) => (typeof one === 'string' ? one === text : one.test(text)));
  if (!isAllowed) throw refusalOf(attributes, '');
  return Permit.of(attributes, { allowed: true, reason: '' });
};

beforeEach(() => {
  [allowed, asked, askers] = [[], [], []];
  impersonation = new Impersonation(ask);
});

const as = (name: string, more: Partial<WantedUser> = {}): WantedUser => ({
  name,
  uid: '',
  groups: [],
  extra: {},
  ...more,
});
const become = (wanted: WantedUser, requestor = ops, act: Omit<Act, 'cluster'> | undefined = LIST) =>
  impersonation.become(ctx, { requestor, wanted, cluster: 'main', ...(act && { act }) });
/** How it was allowed, or why it was not. */
const outcome = async (...args: Parameters<typeof become>) => {
  asked = [];
  return become(...args).then(
    ({ impersonator }) => impersonator?.constraint ?? 'impersonate',
    ({ message }: Error) => message,
  );
};
const AUTH = 'authentication.k8s.io';
const everything = /^impersonate:/;

describe('for everything', () => {
  test.each<[WantedUser, string[]]>([
    [as('jane'), ['system:authenticated']],
    [as('jane', { groups: ['a', 'b'] }), ['a', 'b', 'system:authenticated']],
    [as('jane', { groups: ['system:unauthenticated'] }), ['system:unauthenticated']],
    [as('system:anonymous'), ['system:unauthenticated']],
    [as('system:anonymous', { groups: ['system:authenticated'] }), ['system:authenticated', 'system:unauthenticated']],
    [
      as('system:serviceaccount:ns:sa'),
      ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
    ],
    [as('system:serviceaccount:N1:x'), ['system:authenticated']],
    [as('system:node:a'), ['system:authenticated']],
  ])('makes %j a member of %j', async (wanted, groups) => {
    allowed = [/^impersonate /];
    expect(await become(wanted)).toMatchObject({ name: wanted.name, groups, impersonator: { user: ops } });
  });

  test('asks for each thing that is put on', async () => {
    allowed = [/^impersonate /];
    const wanted = as('jane', { groups: ['a', 'b'], uid: 'u', extra: { 'acme.com/scope': ['x', 'y'], b: ['1'] } });
    const { uid, extra, impersonator } = await become(wanted);
    expect({ uid, extra }).toEqual({ uid: 'u', extra: wanted.extra });
    const acts = [
      'impersonate users /jane',
      `impersonate ${AUTH}/uids /u`,
      'impersonate groups /a',
      'impersonate groups /b',
      `impersonate ${AUTH}/userextras/acme.com/scope /x`,
      `impersonate ${AUTH}/userextras/acme.com/scope /y`,
      `impersonate ${AUTH}/userextras/b /1`,
    ];
    expect(impersonator?.acts.map(textOf)).toEqual(acts);
    for (const act of acts) {
      allowed = acts.filter((other) => other !== act);
      expect(await outcome(wanted), act).toContain('User "ops" cannot impersonate resource');
    }
  });

  test('takes who is no account, and no Node, for a user', async () => {
    for (const name of ['system:serviceaccount:n1:a_b', 'system:serviceaccount:n1', 'system:node:', 'system:node:A']) {
      allowed = [`impersonate users /${name}`];
      expect(await outcome(as(name)), name).toBe('impersonate');
    }
    allowed = ['impersonate serviceaccounts n1/a'];
    expect(await outcome(as('system:serviceaccount:n1:a'))).toBe('impersonate');
  });
});

describe('for certain acts', () => {
  const ON = 'impersonate-on:user-info:list pods a/';
  const JANE = `impersonate:user-info ${AUTH}/users /jane`;

  test('needs the act and the user', async () => {
    allowed = [ON, JANE];
    const jane = await become(as('jane'));
    expect(jane).toMatchObject({ name: 'jane', groups: ['system:authenticated'] });
    expect(jane.impersonator).toMatchObject({ user: ops, constraint: 'impersonate:user-info' });
    expect(jane.impersonator?.acts.map(textOf)).toEqual([ON, JANE]);
    allowed = [JANE];
    const no = (what: string) => expect.stringMatching(new RegExp(`User "ops" cannot ${what}$`));
    expect(await outcome(as('jane'))).toEqual(
      no('impersonate-on:user-info:list resource "pods" in API group "" in the namespace "a"'),
    );
    allowed = [ON];
    expect(await outcome(as('jane'))).toEqual(
      no(`impersonate:user-info resource "users" in API group "${AUTH}" at the cluster scope`),
    );
  });

  test('is of the past as of the present, and of paths', async () => {
    allowed = ['impersonate-on:user-info:get /metrics', JANE];
    expect(await outcome(as('jane'), ops, { verb: 'get', path: '/metrics' })).toBe('impersonate:user-info');
  });

  test.each<[string, string, WantedUser, UserInfo]>([
    ['serviceaccount', 'serviceaccounts n/sa', as('system:serviceaccount:n:sa'), ops],
    ['arbitrary-node', 'nodes /w1', as('system:node:w1'), ops],
    ['user-info', 'users /jane', as('jane'), ops],
    ['user-info', 'users /system:node:', as('system:node:'), ops],
    ['user-info', 'users /system:node-agent:x', as('system:node-agent:x'), ops],
  ])('%s is asked for %s', async (mode, what, wanted, requestor) => {
    allowed = [`impersonate-on:${mode}:list pods a/`, `impersonate:${mode} ${AUTH}/${what}`];
    expect(await outcome(wanted, requestor)).toBe(`impersonate:${mode}`);
  });

  test('of a Node puts on what Nodes are, and nothing besides', async () => {
    allowed = [/^impersonate(-on)?:/];
    expect((await become(as('system:node:w1'))).groups).toEqual(['system:nodes', 'system:authenticated']);
    for (const more of [{ groups: ['a'] }, { uid: 'u' }, { extra: { 'a.io/b': ['c'] } }]) {
      for (const name of ['system:node:w1', 'system:serviceaccount:n:sa'])
        expect(await outcome(as(name, more))).toContain('cannot impersonate resource');
    }
  });

  test('lets an account be the Node its Pod is on, whichever that is', async () => {
    const agent = (...nodes: string[]): UserInfo => ({
      name: 'system:serviceaccount:n:agent',
      groups: [],
      extra: { 'authentication.kubernetes.io/node-name': nodes, other: ['x'] },
    });
    allowed = ['impersonate-on:associated-node:list pods a/', `impersonate:associated-node ${AUTH}/nodes /*`];
    expect(await outcome(as('system:node:w1'), agent('w1'))).toBe('impersonate:associated-node');
    expect(askers.map(({ extra }) => extra)).toEqual(
      askers.map(() => ({
        'authentication.kubernetes.io/associated-node-keys': ['authentication.kubernetes.io/node-name', 'other'],
      })),
    );
    expect((await become(as('system:node:w1'), agent('w1'))).impersonator?.user).toEqual(agent('w1'));
    for (const other of [agent('w2'), agent('w1', 'w2'), agent(), { ...agent('w1'), name: 'jane' }])
      expect(await outcome(as('system:node:w1'), other)).toContain('impersonate-on:arbitrary-node:list');
  });

  test.each<[Partial<WantedUser>, string]>([
    [{ groups: ['a', ''] }, 'impersonating the empty string group is not allowed'],
    [{ groups: ['system:masters'] }, 'impersonating the system:masters group is not allowed'],
    [{ extra: { '': ['x'] } }, 'impersonating the empty string key in extra is not allowed'],
    [
      { extra: { scopes: ['x'] } },
      'impersonating an invalid key in extra is not allowed: extra.key: Invalid value: "scopes"',
    ],
    [{ extra: { 'a.io/B': ['x'] } }, 'impersonating a non-lowercase key in extra is not allowed: "a.io/B"'],
    [{ extra: { 'a.io/b': [] } }, 'impersonating empty values in extra is not allowed'],
    [{ extra: { 'a.io/b': ['x', ''] } }, 'impersonating the empty string value in extra is not allowed'],
  ])('never puts on %j', async (more, why) => {
    allowed = [/^impersonate(-on)?:/];
    expect(await outcome(as('jane', more))).toContain(why);
    allowed.push(/^impersonate /);
    expect(await outcome(as('jane', more))).toBe('impersonate');
  });

  test('asks for all groups and extras at once where there are many, and for each where that is refused', async () => {
    const groups = ['a', 'b', 'c', 'd'];
    const extra = { 'a.io/x': ['1', '2'], 'a.io/y': ['3', '4'] };
    allowed = [ON, everything];
    await become(as('jane', { groups, extra }));
    const [on, jane, ...rest] = asked;
    expect([on, jane, rest]).toEqual([
      ON,
      JANE,
      [`impersonate:user-info ${AUTH}/groups /*`, `impersonate:user-info ${AUTH}/userextras/* /*`],
    ]);
    allowed = [ON, JANE, /groups \/[a-d]$/, /userextras\/a.io\/. \/\d$/];
    const { impersonator } = await become(as('jane', { groups, extra }));
    expect(impersonator?.acts).toHaveLength(2 + 4 + 4);
    allowed = [ON, JANE, /groups \/[a-c]$/];
    expect(await outcome(as('jane', { groups }))).toContain('cannot impersonate:user-info resource "groups"');
  });
});

test('what was allowed last is tried first', async () => {
  allowed = [/^impersonate /];
  await outcome(as('jane'));
  expect(asked[0]).toBe('impersonate-on:user-info:list pods a/');
  await outcome(as('jane'));
  expect(asked).toEqual(['impersonate users /jane']);
  allowed = [];
  expect(await outcome(as('jane'))).toContain('cannot impersonate resource "users" in API group ""');
});

describe('by a connection, for many acts', () => {
  test('is best allowed for everything', async () => {
    allowed = [/^impersonate/];
    const jane = await impersonation.become(ctx, { requestor: ops, wanted: as('jane'), cluster: 'main' });
    expect(jane.impersonator).toMatchObject({ acts: [{ verb: 'impersonate' }] });
    expect(jane.impersonator).not.toHaveProperty('onEachAct');
  });

  test('leaves each act to be asked for', async () => {
    allowed = [`impersonate:user-info ${AUTH}/users /jane`];
    const jane = await impersonation.become(ctx, { requestor: ops, wanted: as('jane'), cluster: 'main' });
    expect(jane.impersonator).toMatchObject({ onEachAct: 'user-info', acts: [{ verb: 'impersonate:user-info' }] });
  });
});

test('a credential is good for no more by whom it is used as', async () => {
  allowed = [/^impersonate/];
  const scope = { clusters: ['main'], readOnly: false };
  expect((await become(as('jane'), { ...ops, scope })).scope).toEqual(scope);
});

test('that nobody can be asked is no refusal', async () => {
  const broken = new Impersonation(() => Promise.reject(new Error('the database is away')));
  await expect(broken.become(ctx, { requestor: ops, wanted: as('jane'), cluster: 'main', act: LIST })).rejects.toThrow(
    'the database is away',
  );
});

test('is observed', async () => {
  const seen: unknown[] = [];
  const observer = {
    attempted: (mode: string, isAllowed: boolean) => void seen.push([mode, isAllowed]),
    asked: (mode: string, isAllowed: boolean) => void seen.push([mode, isAllowed, 'asked']),
  };
  const no: AskFor = () => Promise.reject(newForbidden({ group: '', resource: 'users' }, '', 'no'));
  const refused = new Impersonation(no, observer);
  const request = { requestor: ops, wanted: as('jane'), cluster: 'main', act: LIST };
  await expect(refused.become(ctx, request)).rejects.toMatchObject({ code: 403 });
  allowed = [/^impersonate /];
  await new Impersonation(ask, observer).become(ctx, request);
  const asking = [
    ['user-info', false, 'asked'],
    ['legacy', false, 'asked'],
    ['', false],
    ['user-info', false, 'asked'],
    ['legacy', true, 'asked'],
    ['legacy', true],
  ];
  expect(seen).toEqual(asking);
});
