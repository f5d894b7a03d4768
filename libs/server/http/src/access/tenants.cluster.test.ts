import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Somebody may do everything in one logical cluster, and tries to get out of it; somebody else has a namespace of another. */
let server: TestApiServer;
let tenant: RawApi;
let dev: RawApi;

const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const LAB = '/clusters/lab';
const user = (name: string) => ({ kind: 'User', name, apiGroup: GROUP });
const ref = (name: string) => ({ apiGroup: GROUP, kind: 'ClusterRole', name });

async function make(path: string, body: object): Promise<void> {
  const { status, text } = await server.raw.call(path, { method: 'POST', body });
  if (status !== 201) throw new Error(text);
}

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  tenant = new RawApi(await server.configFor('tenant'));
  dev = new RawApi(await server.configFor('dev'));
  await make('/clusters', { metadata: { name: 'lab' } });
  await make(`${LAB}${RBAC}/clusterrolebindings`, {
    metadata: { name: 'tenant' },
    subjects: [user('tenant')],
    roleRef: ref('cluster-admin'),
  });
  await make('/api/v1/namespaces', { metadata: { name: 'a' } });
  await make(`${RBAC}/namespaces/a/rolebindings`, {
    metadata: { name: 'dev' },
    subjects: [user('dev')],
    roleRef: ref('cluster-admin'),
  });
});
afterAll(async () => {
  for (const api of [tenant, dev]) api.close();
  await server.close();
});

describe('who may do everything in one cluster', () => {
  const masters = { 'impersonate-user': 'root', 'impersonate-group': 'system:masters' };

  test('does so there, in the names of others too', async () => {
    expect((await tenant.call(`${LAB}/api/v1/secrets`)).status).toBe(200);
    expect((await tenant.call(`${LAB}/api/v1/secrets`, { headers: masters })).status).toBe(200);
  });

  test.each([
    '/api/v1/namespaces',
    '/api/v1/secrets',
    '/clusters',
    '/metrics',
    '/debug/api_priority_and_fairness/dump_requests',
  ])('has nothing of %s', async (path) => {
    expect((await tenant.call(path)).status).toBe(403);
    expect((await tenant.call(path, { headers: masters })).status).toBe(403);
  });

  test.each([
    ['GET', '/metrics'],
    ['GET', '/debug/api_priority_and_fairness/dump_requests'],
    ['DELETE', '/'],
    ['PATCH', '/'],
  ])('%s of the server at %s of their own cluster is refused', async (method, path) => {
    const body = method === 'PATCH' ? { spec: { retention: { seconds: 1 } } } : undefined;
    expect((await tenant.call(`${LAB}${path}`, { method, body })).status).toBe(403);
    expect((await tenant.call(`${LAB}${path}`, { method, body, headers: masters })).status).toBe(403);
  });
});

test.each(['main', 'lab', 'root'])('programs have their rights in the cluster %s from the start', async (cluster) => {
  const api = new RawApi(await server.configFor('system:kube-controller-manager'));
  const at = `/clusters/${cluster}`;
  const lists = ['/api/v1/secrets', '/apis/apps/v1/statefulsets', '/api/v1/namespaces'].map((path) =>
    api.call(at + path),
  );
  expect((await Promise.all(lists)).map(({ status }) => status)).toEqual([200, 200, 200]);
  api.close();
});

describe('who may do everything in one namespace', () => {
  const visible = { 'binnacle-visible': 'true' };

  test('sees no kinds that are in none, and no other namespace', async () => {
    for (const path of ['/api/v1/nodes', '/api/v1/persistentvolumes', `${RBAC}/clusterroles`]) {
      expect((await dev.call(path)).status).toBe(403);
      expect((await dev.call(path, { headers: visible })).status).toBe(403);
    }
    expect((await dev.call('/api/v1/secrets')).status).toBe(403);
    expect((await dev.call('/api/v1/namespaces/kube-system/secrets')).status).toBe(403);
    const { json } = await dev.call('/api/v1/namespaces', { headers: visible });
    expect(json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(['a']);
  });

  test('has no paths by that', async () => {
    expect((await dev.call('/metrics')).status).toBe(403);
  });

  test('has nothing of the past of others, nor writes that of their own', async () => {
    const { json } = await server.raw.call('/api/v1/namespaces/a');
    const past = `/clusters/main@${json.metadata.resourceVersion}`;
    expect((await dev.call(`${past}/api/v1/namespaces/kube-system/secrets`)).status).toBe(403);
    expect((await dev.call(`${past}/api/v1/namespaces/a/secrets`)).status).toBe(200);
    expect((await dev.call(`${past}/api/v1/namespaces/a/secrets/x`, { method: 'DELETE' })).status).toBe(403);
  });

  test('becomes nobody else, and gives no more than there is to give', async () => {
    const headers = { 'impersonate-user': 'root', 'impersonate-group': 'system:masters' };
    expect((await dev.call('/api/v1/namespaces/a/pods', { headers })).status).toBe(403);
    const account = { 'impersonate-user': 'system:serviceaccount:a:x' };
    expect((await dev.call('/api/v1/namespaces/a/pods', { headers: account })).status).toBe(403);
    const body = { metadata: { name: 'x' }, subjects: [user('dev')], roleRef: ref('cluster-admin') };
    expect((await dev.call(`${RBAC}/clusterrolebindings`, { method: 'POST', body })).status).toBe(403);
  });
});

test('who has not said who they are learns nothing of which clusters there are', async () => {
  const { server: address, ca } = await server.configFor('nobody');
  const nobody = new RawApi({ server: address, ca });
  for (const path of ['/api/v1/pods', '/', '@1/api/v1/pods', '/apis/iam.binnacle.dev/v1/users?watch=1']) {
    const [there, gone] = await Promise.all(['lab', 'gone'].map((name) => nobody.call(`/clusters/${name}${path}`)));
    expect([there?.status, gone?.status, gone?.text]).toEqual([401, 401, there?.text]);
  }
  nobody.close();
});
