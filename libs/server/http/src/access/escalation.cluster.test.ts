import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

/** Nobody gives away what they do not have, in whatever way they write. */
let server: TestApiServer;
let jane: RawApi;
let count = 0;
let namespace = '';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const GROUP = 'rbac.authorization.k8s.io';
const read = { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] };
const readSecrets = { ...read, resources: ['secrets'] };
const writeRoles = {
  verbs: ['get', 'create', 'update', 'patch'],
  apiGroups: [GROUP],
  resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
};

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  jane = new RawApi(await server.configFor('jane', ['devs']));
});
afterAll(async () => {
  jane.close();
  await server.close();
});

async function admin(path: string, body: object): Promise<void> {
  const { status, json } = await server.raw.call(path, { method: 'POST', body });
  if (status !== 201) throw new Error(JSON.stringify(json));
}

const subjects = [{ kind: 'User', name: 'jane', apiGroup: GROUP }];
const roleRef = (kind: string, name: string) => ({ apiGroup: GROUP, kind, name });

/** A namespace in which jane has some rules. */
beforeEach(async () => {
  namespace = `n${++count}`;
  await admin('/api/v1/namespaces', { metadata: { name: namespace } });
});

async function give(rules: object[], name = 'held'): Promise<void> {
  await admin(`${RBAC}/namespaces/${namespace}/roles`, { metadata: { name }, rules });
  await admin(`${RBAC}/namespaces/${namespace}/rolebindings`, {
    metadata: { name },
    subjects,
    roleRef: roleRef('Role', name),
  });
}

async function giveEverywhere(rules: object[]): Promise<void> {
  const name = `wide-${count}`;
  await admin(`${RBAC}/clusterroles`, { metadata: { name }, rules });
  await admin(`${RBAC}/clusterrolebindings`, { metadata: { name }, subjects, roleRef: roleRef('ClusterRole', name) });
}

async function takeAll(): Promise<void> {
  await server.raw.call(`${RBAC}/clusterrolebindings/wide-${count}`, { method: 'DELETE' });
}

const roles = () => `${RBAC}/namespaces/${namespace}/roles`;
const bindings = () => `${RBAC}/namespaces/${namespace}/rolebindings`;
const post = (path: string, body: object) => jane.call(path, { method: 'POST', body });

describe('a role', () => {
  test('holds what its writer holds, and no more', async () => {
    await give([read, writeRoles]);
    expect((await post(roles(), { metadata: { name: 'same' }, rules: [read] })).status).toBe(201);
    const { status, json } = await post(roles(), { metadata: { name: 'more' }, rules: [read, readSecrets] });
    expect([status, json.reason, json.message]).toEqual([
      403,
      'Forbidden',
      'roles.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list" "watch"]}',
    ]);
  });

  test.each<[how: string, type: string, body: (name: string) => object]>([
    ['PUT', 'application/json', (name) => ({ metadata: { name }, rules: [readSecrets] })],
    ['merge patch', 'application/merge-patch+json', () => ({ rules: [readSecrets] })],
    ['JSON patch', 'application/json-patch+json', () => [{ op: 'add', path: '/rules/-', value: readSecrets }]],
    ['strategic patch', 'application/strategic-merge-patch+json', () => ({ rules: [readSecrets] })],
    [
      'apply',
      'application/apply-patch+yaml',
      (name) => ({ apiVersion: `${GROUP}/v1`, kind: 'Role', metadata: { name }, rules: [readSecrets] }),
    ],
  ])('does not grow by %s', async (how, type, body) => {
    await give([read, writeRoles]);
    expect((await post(roles(), { metadata: { name: 'mine' }, rules: [read] })).status).toBe(201);
    const method = how === 'PUT' ? 'PUT' : 'PATCH';
    const query = how === 'apply' ? '?fieldManager=me&force=true' : '';
    const headers = { 'content-type': type };
    const grown = await jane.call(`${roles()}/mine${query}`, { method, body: body('mine'), headers });
    expect([grown.status, grown.json.message]).toEqual([403, expect.stringContaining('not currently held')]);
    if (how !== 'apply') return;
    // What is made by applying it is no other.
    const made = await jane.call(`${roles()}/new${query}`, { method, body: body('new'), headers });
    expect([made.status, made.json.message]).toEqual([403, expect.stringContaining('not currently held')]);
  });

  test('that holds more already is still relabelled by nobody who holds less, except by owners and finalizers', async () => {
    await give([read, writeRoles]);
    await admin(roles(), { metadata: { name: 'theirs' }, rules: [readSecrets] });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patch = (metadata: object) =>
      jane.call(`${roles()}/theirs`, { method: 'PATCH', body: { metadata }, headers });
    expect((await patch({ labels: { a: 'b' } })).status).toBe(403);
    expect((await patch({ finalizers: ['example.com/a'] })).status).toBe(200);
    expect((await patch({ finalizers: null })).status).toBe(200);
  });

  test('is written by who may escalate, where they may', async () => {
    const escalate = { verbs: ['escalate'], apiGroups: [GROUP], resources: ['roles'], resourceNames: ['any'] };
    await give([writeRoles, escalate]);
    // Who creates has not named it yet.
    expect((await post(roles(), { metadata: { name: 'any' }, rules: [readSecrets] })).status).toBe(403);
    await admin(roles(), { metadata: { name: 'any' } });
    const body = { metadata: { name: 'any' }, rules: [readSecrets] };
    expect((await jane.call(`${roles()}/any`, { method: 'PUT', body })).status).toBe(200);
  });

  test('with a star is more than every verb one holds', async () => {
    await give([{ ...read, verbs: ['get', 'list'] }, writeRoles]);
    const made = await post(roles(), { metadata: { name: 'star' }, rules: [{ ...read, verbs: ['*'] }] });
    expect(made.json.message).toContain('{APIGroups:[""], Resources:["pods"], Verbs:["*"]}');
  });
});

describe('a ClusterRole', () => {
  test('gathers others by labels only for who may do everything', async () => {
    await giveEverywhere([read, writeRoles]);
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] };
    const made = await post(`${RBAC}/clusterroles`, { metadata: { name: `agg-${count}` }, aggregationRule });
    expect([made.status, made.json.message]).toEqual([
      403,
      `clusterroles.rbac.authorization.k8s.io "agg-${count}" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
    ]);
    // What is gathered already is not gathered into by who has less.
    const labels = { [`${GROUP}/aggregate-to-edit`]: 'true' };
    const part = await post(`${RBAC}/clusterroles`, {
      metadata: { name: `part-${count}`, labels },
      rules: [readSecrets],
    });
    expect(part.status).toBe(403);
    const headers = { 'content-type': 'application/merge-patch+json' };
    const edit = await jane.call(`${RBAC}/clusterroles/view`, {
      method: 'PATCH',
      headers,
      body: { metadata: { labels: { mine: 'x' } } },
    });
    expect(edit.status).toBe(403);
    await takeAll();
  });
});

describe('a binding', () => {
  const to = (name: string, ref: object, who: object[] = subjects) => ({
    metadata: { name },
    subjects: who,
    roleRef: ref,
  });

  test('is of a role that its writer holds', async () => {
    await give([read, writeRoles]);
    await admin(roles(), { metadata: { name: 'reader' }, rules: [read] });
    await admin(roles(), { metadata: { name: 'secrets' }, rules: [readSecrets] });
    expect((await post(bindings(), to('a', roleRef('Role', 'reader')))).status).toBe(201);
    expect((await post(bindings(), to('b', roleRef('Role', 'secrets')))).json.message).toContain('not currently held');
    expect((await post(bindings(), to('c', roleRef('ClusterRole', 'cluster-admin')))).json.message).toContain(
      '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}',
    );
    const gone = await post(bindings(), to('d', roleRef('ClusterRole', 'gone')));
    expect([gone.status, gone.json.message]).toEqual([404, 'rolebindings.rbac.authorization.k8s.io "gone" not found']);
    expect((await post(`${RBAC}/clusterrolebindings`, to('e', roleRef('ClusterRole', 'cluster-admin')))).status).toBe(
      403,
    );
  });

  test('of others is not joined', async () => {
    await give([read, writeRoles]);
    await admin(bindings(), to('admins', roleRef('ClusterRole', 'cluster-admin'), [{ kind: 'User', name: 'root' }]));
    const headers = { 'content-type': 'application/merge-patch+json' };
    const joined = await jane.call(`${bindings()}/admins`, { method: 'PATCH', headers, body: { subjects } });
    expect([joined.status, joined.json.reason]).toEqual([403, 'Forbidden']);
  });

  test('is of the roles its writer may bind', async () => {
    const bind = { verbs: ['bind'], apiGroups: [GROUP], resources: ['clusterroles'], resourceNames: ['system:node'] };
    await give([writeRoles, bind]);
    expect((await post(bindings(), to('nodes', roleRef('ClusterRole', 'system:node')))).status).toBe(201);
    expect((await post(bindings(), to('all', roleRef('ClusterRole', 'cluster-admin')))).status).toBe(403);
  });

  test('written as somebody else is judged by what that one holds', async () => {
    const as = { 'impersonate-user': 'jane' };
    await give([writeRoles]);
    const body = to('as', roleRef('ClusterRole', 'cluster-admin'));
    expect((await server.raw.call(bindings(), { method: 'POST', body, headers: as })).status).toBe(403);
  });
});

test('a role that says more than can be compared is refused, in few words, and stops nobody', async () => {
  await give([read, writeRoles]);
  const many = Array.from({ length: 1_000 }, (_, at) => `n${at}`);
  const rules = [{ verbs: many, apiGroups: [...many, 'x'.repeat(1_000_000)], resources: many, resourceNames: many }];
  const path = `${RBAC}/namespaces/${namespace}/roles`;
  const refused = await jane.call(path, { method: 'POST', body: { metadata: { name: 'huge' }, rules } });
  expect([refused.status, refused.json.message]).toEqual([403, expect.stringContaining('and 1 others')]);
  expect(refused.text.length).toBeLessThan(100_000);
});
