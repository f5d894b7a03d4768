import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

let server: TestApiServer;
let jane: RawApi;
let bob: RawApi;

const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const user = (name: string) => ({ kind: 'User', name, apiGroup: GROUP });
const ref = (kind: string, name: string) => ({ apiGroup: GROUP, kind, name });

async function make(path: string, body: object): Promise<void> {
  const { status, json } = await server.raw.call(path, { method: 'POST', body });
  if (status !== 201) throw new Error(JSON.stringify(json));
}

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  jane = new RawApi(await server.configFor('jane'));
  bob = new RawApi(await server.configFor('bob'));
  await make('/api/v1/namespaces', { metadata: { name: 'shop' } });
  const secrets = { verbs: ['get'], apiGroups: [''], resources: ['secrets'] };
  const bindings = { verbs: ['list', 'create'], apiGroups: [GROUP], resources: ['rolebindings'] };
  await make(`${RBAC}/clusterroles`, { metadata: { name: 'secrets' }, rules: [secrets] });
  await make(`${RBAC}/namespaces/shop/roles`, { metadata: { name: 'binder' }, rules: [bindings] });
  const account = { kind: 'ServiceAccount', name: 'ci', namespace: 'shop' };
  const bind = (name: string, roleRef: object, subjects: object[]) =>
    make(`${RBAC}/namespaces/shop/rolebindings`, { metadata: { name }, subjects, roleRef });
  await bind('ci', ref('ClusterRole', 'secrets'), [account, user('jane')]);
  await bind('jane', ref('Role', 'binder'), [user('jane')]);
  // Who writes bindings, and has nothing to give.
  await bind('carl', ref('Role', 'binder'), [user('carl')]);
  await make(`${RBAC}/clusterrolebindings`, {
    metadata: { name: 'secrets' },
    subjects: [{ kind: 'Group', name: 'auditors', apiGroup: GROUP }],
    roleRef: ref('ClusterRole', 'secrets'),
  });
});
afterAll(async () => {
  for (const api of [jane, bob]) api.close();
  await server.close();
});

const ask = (api: RawApi, resourceAttributes: object, at = '') =>
  api.call(`${at}/apis/authorization.binnacle.dev/v1/whocans`, {
    method: 'POST',
    body: { spec: { resourceAttributes } },
  });
const secret = { verb: 'get', resource: 'secrets', namespace: 'shop', name: 'a' };
const namesOf = (subjects: { kind: string; name: string }[]) => subjects.map(({ kind, name }) => `${kind} ${name}`);

test('who may list bindings is told by which of them who may do something, and who could give that', async () => {
  const { status, json } = await ask(server.raw, secret);
  expect(status).toBe(201);
  const { subjects, couldGrant, incomplete } = json.status;
  expect(namesOf(subjects)).toEqual([
    'Group system:masters',
    'User system:kube-controller-manager',
    'Group binnacle:editors',
    'Group auditors',
    'ServiceAccount ci',
    'User jane',
  ]);
  expect(subjects.find(({ name }: { name: string }) => name === 'ci')).toEqual({
    kind: 'ServiceAccount',
    name: 'ci',
    namespace: 'shop',
    by: [{ kind: 'RoleBinding', name: 'ci', namespace: 'shop', roleKind: 'ClusterRole', roleName: 'secrets' }],
  });
  expect(namesOf(couldGrant)).toEqual(['Group system:masters', 'User jane']);
  expect(incomplete).toBe(false);
});

test('nobody is told of bindings they may not list', async () => {
  const { status, json } = await ask(jane, secret);
  expect([status, json.status.incomplete]).toEqual([201, true]);
  expect(namesOf(json.status.subjects)).toEqual(['Group system:masters', 'ServiceAccount ci', 'User jane']);
  const elsewhere = await ask(jane, { ...secret, namespace: 'default' });
  expect([elsewhere.status, elsewhere.json.message]).toEqual([
    403,
    `rolebindings.${GROUP} is forbidden: User "jane" cannot list resource "rolebindings" in API group "${GROUP}" in the namespace "default"`,
  ]);
  expect((await ask(bob, secret)).status).toBe(403);
  expect((await ask(bob, { verb: 'list', resource: 'nodes' })).status).toBe(403);
});

test('of the past it is asked as it is now, and what is not said is refused', async () => {
  const { json } = await server.raw.call('/api/v1/namespaces/shop');
  const past = await ask(jane, secret, `/clusters/main@${json.metadata.resourceVersion}`);
  expect([past.status, namesOf(past.json.status?.subjects ?? [])]).toEqual([
    201,
    ['Group system:masters', 'ServiceAccount ci', 'User jane'],
  ]);
  const path = '/apis/authorization.binnacle.dev/v1/whocans';
  expect((await server.raw.call(path, { method: 'POST', body: { spec: {} } })).status).toBe(422);
  const paths = await server.raw.call(path, {
    method: 'POST',
    body: { spec: { nonResourceAttributes: { verb: 'get', path: '/metrics' } } },
  });
  expect(namesOf(paths.json.status.subjects)).toEqual(['Group system:masters', 'Group system:monitoring']);
});

test('of very many bindings some are told, and that there are more', async () => {
  await make('/api/v1/namespaces', { metadata: { name: 'busy' } });
  const subjects = [user('dora')];
  for (let at = 0; at < 25; at += 1)
    await make(`${RBAC}/namespaces/busy/rolebindings`, {
      metadata: { name: `b${at}` },
      subjects,
      roleRef: ref('ClusterRole', 'secrets'),
    });
  const { json } = await ask(server.raw, { ...secret, namespace: 'busy' });
  const dora = json.status.subjects.find(({ name }: { name: string }) => name === 'dora');
  expect([dora.by.length, json.status.incomplete]).toEqual([20, true]);
});
