import 'reflect-metadata';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { graphqlModule } from './graphql.js';
import { liveModule } from './live.js';

const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const MAPS = '/api/v1/namespaces/default/configmaps';
const AS_JANE = { 'impersonate-user': 'jane' };
let server: TestApiServer;
let support: RawApi;
let connection: TestApiServer['admin'];

/** The right to be jane, and what for. */
const wears = { verbs: ['impersonate:user-info'], apiGroups: ['authentication.k8s.io'], resources: ['users'] };
const on = (verbs: string[], resources: string[]) => ({
  verbs: verbs.map((verb) => `impersonate-on:user-info:${verb}`),
  apiGroups: [''],
  resources,
});
const may = async (...rules: object[]) => {
  const body = { metadata: { name: 'support' }, rules: [wears, ...rules] };
  expect((await server.raw.call(`${RBAC}/clusterroles/support`, { method: 'PUT', body })).status).toBeLessThan(300);
};
const bind = async (kind: string, user: string, role: string) => {
  const roleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: role };
  const subjects = [{ apiGroup: GROUP, kind, name: user }];
  const body = { metadata: { name: `${user}-${role}` }, roleRef, subjects };
  expect((await server.raw.call(`${RBAC}/clusterrolebindings`, { method: 'POST', body })).status).toBe(201);
};

beforeAll(async () => {
  const modules = (...args: Parameters<typeof liveModule>) => [liveModule(...args), graphqlModule(...args)];
  server = await startTestApiServer({ storage: 'memory', modules });
  connection = await server.configFor('support');
  support = new RawApi(connection);
  const body = { metadata: { name: 'support' }, rules: [] };
  await server.raw.call(`${RBAC}/clusterroles`, { method: 'POST', body });
  await bind('User', 'support', 'support');
  await bind('User', 'jane', 'binnacle:viewer');
});
beforeEach(() => may(on(['list', 'watch'], ['configmaps'])));
afterAll(async () => {
  support.close();
  await server.close();
});

const messageOf = async (path: string, headers: object = AS_JANE) =>
  (await support.call(path, { headers: headers as Record<string, string> })).json.message;

test('somebody acts as another for what they may do so, and for nothing else they may', async () => {
  expect((await support.call(MAPS, { headers: AS_JANE })).status).toBe(200);
  expect(await messageOf(`${MAPS}/x`)).toContain('User "support" cannot impersonate-on:user-info:get');
  expect(await messageOf(MAPS, { ...AS_JANE, 'impersonate-group': 'system:masters' })).toContain('system:masters');
  await may(on(['list'], ['secrets']));
  expect(await messageOf('/api/v1/secrets')).toContain('User "jane" cannot list resource "secrets"');
  expect(await messageOf(MAPS)).toContain('cannot impersonate-on:user-info:list');
});

test('a past is looked at by the rights of now', async () => {
  expect((await support.call(`/clusters/main@1${MAPS}`, { headers: AS_JANE })).status).not.toBe(403);
});

test('over GraphQL each thing is asked for', async () => {
  await may(on(['list', 'get'], ['configmaps']));
  const query = '{ configMaps(namespace: "default") { totalCount } pods { totalCount } }';
  const asked = { method: 'POST', body: { query }, headers: AS_JANE };
  const { status, json } = await support.call('/graphql', asked);
  expect([status, json.data]).toEqual([200, { configMaps: { totalCount: 0 }, pods: null }]);
  expect(json.errors).toMatchObject([
    { path: ['pods'], message: expect.stringContaining('User "support" cannot impersonate-on:user-info:list') },
  ]);
});

/** A socket that looks as jane. */
async function open(): Promise<Socket> {
  const { ca, cert, key } = connection;
  const options = { transports: ['websocket'], ca, cert, key, reconnection: false, forceNew: true };
  const socket = io(server.url, { ...options, auth: { impersonate: { user: 'jane', groups: [] } } } as object);
  await new Promise((resolve, reject) => socket.once('connect', () => resolve('')).once('connect_error', reject));
  return socket;
}

test('over a socket each list is asked for, and ends with the right', async () => {
  const socket = await open();
  const subscribe = (resource: string) =>
    socket.emitWithAck('subscribe', { id: resource, cluster: 'main', version: 'v1', resource });
  expect(await subscribe('configmaps')).toEqual({ ok: true });
  expect(await subscribe('pods')).toMatchObject({ error: { code: 403 } });
  const watch = await support.watch(`${MAPS}?watch=true`, AS_JANE);
  const ended = new Promise((resolve) => socket.once('relist', resolve));
  await may(on(['list'], ['configmaps']));
  expect(await ended).toMatchObject({ id: 'configmaps', status: { code: 403 } });
  for await (const _event of watch);
  socket.disconnect();
});

test('what is counted tells by which mode', async () => {
  await support.call(MAPS, { headers: AS_JANE });
  const { text } = await server.raw.call('/metrics');
  expect(text).toMatch(/apiserver_impersonation_attempts_total\{mode="user-info",decision="allowed"\} [1-9]/);
  expect(text).toMatch(/apiserver_impersonation_authorization_attempts_total\{mode="legacy",decision="denied"\} [1-9]/);
});
