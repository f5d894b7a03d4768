import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

const IAM = '/clusters/root/apis/iam.binnacle.dev/v1';
const RBAC = '/clusters/root/apis/rbac.authorization.k8s.io/v1';
let server: TestApiServer;
/** May do everything with people, and is no administrator. */
let registrar: RawApi;
/** May invite, and may change the team `crew` alone. */
let greeter: RawApi;

const post = (path: string, body: object, api = server.raw) => api.call(path, { method: 'POST', body });
const create = (kind: string, name: string, spec: object = {}, api = server.raw) =>
  post(`${IAM}/${kind.toLowerCase()}s`, { apiVersion: 'iam.binnacle.dev/v1', kind, metadata: { name }, spec }, api);
const patch = (path: string, spec: object, api = server.raw) =>
  api.call(`${IAM}/${path}`, {
    method: 'PATCH',
    body: JSON.stringify({ spec }),
    headers: { 'content-type': 'application/merge-patch+json' },
  });
const remove = (path: string, api = server.raw) => api.call(`${IAM}/${path}`, { method: 'DELETE' });

/** Gives a group rights in the cluster of people. */
async function grant(name: string, rules: readonly object[]): Promise<void> {
  const head = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name } };
  const subjects = [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  expect((await post(`${RBAC}/clusterroles`, { ...head, kind: 'ClusterRole', rules })).status).toBe(201);
  const binding = { ...head, kind: 'ClusterRoleBinding', subjects, roleRef };
  expect((await post(`${RBAC}/clusterrolebindings`, binding)).status).toBe(201);
}

beforeAll(async () => {
  server = await startTestApiServer();
  registrar = new RawApi(await server.configFor('registrar', ['registrars']));
  greeter = new RawApi(await server.configFor('greeter', ['greeters']));
  const apiGroups = ['iam.binnacle.dev'];
  await grant('registrars', [{ apiGroups, resources: ['*', '*/*'], verbs: ['*'] }]);
  await grant('greeters', [
    { apiGroups, resources: ['invitations', 'invitations/link'], verbs: ['*'] },
    { apiGroups, resources: ['teams'], resourceNames: ['crew'], verbs: ['update'] },
  ]);
  for (const name of ['captain', 'mate', 'sailor']) await create('User', name);
  await create('Team', 'administrators', { members: ['captain', 'mate'] });
  await create('Team', 'crew', { members: ['sailor'] });
  await create('Team', 'officers');
});
afterAll(async () => {
  registrar.close();
  greeter.close();
  await server.close();
});

test('who may do everything with people makes no administrator', async () => {
  const members = ['captain', 'mate', 'sailor'];
  expect((await patch('teams/administrators', { members }, registrar)).status).toBe(403);
  expect((await patch('teams/administrators', { displayName: 'x' }, registrar)).status).toBe(403);
  expect((await remove('teams/administrators', registrar)).status).toBe(403);
  expect((await create('Invitation', 'up', { teams: ['administrators'] }, registrar)).status).toBe(403);
  await create('Invitation', 'of-admin', { teams: ['administrators'] });
  expect((await post(`${IAM}/invitations/of-admin/link`, {}, registrar)).status).toBe(403);
  expect((await patch('invitations/of-admin', { displayName: 'x' }, registrar)).status).toBe(403);
  await create('Invitation', 'harmless', {}, registrar);
  expect((await patch('invitations/harmless', { teams: ['administrators'] }, registrar)).status).toBe(403);
  expect((await post(`${IAM}/invitations/of-admin/link`, {})).status).toBe(201);
});

test('nor becomes one, nor keeps one out', async () => {
  for (const what of ['password', 'tokens'])
    expect((await post(`${IAM}/users/captain/${what}`, { name: 'x' }, registrar)).status).toBe(403);
  expect((await registrar.call(`${IAM}/users/captain/sessions`)).status).toBe(403);
  expect((await remove('users/captain/sessions', registrar)).status).toBe(403);
  for (const what of ['tokens', 'passkeys', 'identities']) {
    expect((await remove(`users/captain/${what}`, registrar)).status).toBe(403);
    expect((await registrar.call(`${IAM}/users/captain/${what}`)).status).toBe(403);
  }
  expect((await patch('users/captain', { disabled: true }, registrar)).status).toBe(403);
  expect((await patch('users/captain', { email: 'mine@example.com' }, registrar)).status).toBe(403);
  expect((await remove('users/captain', registrar)).status).toBe(403);
  expect((await post(`${IAM}/users/sailor/password`, {}, registrar)).status).toBe(201);
  expect((await post(`${IAM}/users/sailor/tokens`, { name: 'x' }, registrar)).status).toBe(201);
});

test('nobody is invited into a team by who could not take them in', async () => {
  expect((await create('Invitation', 'in', { teams: ['crew'] }, greeter)).status).toBe(201);
  expect((await post(`${IAM}/invitations/in/link`, {}, greeter)).status).toBe(201);
  const refused = await create('Invitation', 'up-1', { teams: ['crew', 'officers'] }, greeter);
  expect([refused.status, refused.json.message]).toEqual([
    403,
    expect.stringContaining('cannot update the team "officers"'),
  ]);
  await create('Invitation', 'officer', { teams: ['officers'] });
  expect((await post(`${IAM}/invitations/officer/link`, {}, greeter)).status).toBe(403);
});

test('who may do everything in the cluster of people makes no administrator either, also as one', async () => {
  const owner = new RawApi(await server.configFor('owner', ['owners']));
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  await grant('owners', rules);
  const headers = { 'impersonate-user': 'captain', 'impersonate-group': 'system:masters' };
  const asCaptain = async (path: string, method: string, body: object = {}) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return (await owner.call(`${IAM}/${path}`, { method, body, headers: { ...headers, 'content-type': type } })).status;
  };
  const members = ['captain', 'mate', 'sailor'];
  expect(await asCaptain('teams/administrators', 'PATCH', { spec: { members } })).toBe(403);
  expect(await asCaptain('users/captain/tokens', 'POST', { name: 'x' })).toBe(403);
  expect(await asCaptain('users/captain/password', 'POST')).toBe(403);
  expect(await asCaptain('invitations/of-admin/link', 'POST')).toBe(403);
  const displayed = await server.raw.call(`${IAM}/teams/administrators`, {
    method: 'PATCH',
    body: JSON.stringify({ spec: { displayName: 'Administrators' } }),
    headers: { ...headers, 'content-type': 'application/merge-patch+json' },
  });
  expect(displayed.status).toBe(200);
  owner.close();
});

test('who has no rights has none over people', async () => {
  const nobody = new RawApi(await server.configFor('nobody'));
  for (const path of ['users', 'teams', 'invitations', 'users/sailor', 'users/sailor/sessions'])
    expect((await nobody.call(`${IAM}/${path}`)).status).toBe(403);
  for (const path of ['users/sailor/password', 'users/sailor/tokens', 'invitations/in/link'])
    expect((await post(`${IAM}/${path}`, {}, nobody)).status).toBe(403);
  nobody.close();
});

test('of two administrators who go at the same time one stays, by whatever they go', async () => {
  const went = await Promise.all([remove('users/captain'), patch('teams/administrators', { members: ['captain'] })]);
  const statuses = went.map(({ status }) => status);
  expect(statuses).toContain(200);
  const { members } = (await server.raw.call(`${IAM}/teams/administrators`)).json.spec;
  const there = await Promise.all(
    members.map(async (name: string) => (await server.raw.call(`${IAM}/users/${name}`)).status),
  );
  expect(there).toContain(200);
  expect((await create('User', 'other')).status).toBe(201);
  expect((await patch('teams/administrators', { members: ['other'] })).status).toBe(200);
  expect((await remove('users/other')).status).toBe(403);
  const drop = await server.raw.call(`${IAM}/users`, { method: 'DELETE' });
  expect(drop.status).toBe(403);
  expect((await server.raw.call(`${IAM}/users/other`)).status).toBe(200);
});
