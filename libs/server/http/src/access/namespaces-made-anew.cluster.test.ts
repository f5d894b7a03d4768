import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const SHOP = '/api/v1/namespaces/shop';
const CHANGES = '/apis/history.binnacle.dev/v1';
const SECRET = { metadata: { name: 'old' }, stringData: { password: 'of the one before' } };
let server: TestApiServer;
/** Whose the namespace is now. */
let dev: RawApi;
/** Who may read in all namespaces. */
let auditor: RawApi;
/** When the namespace was another's, and when it had become what it is. */
let [then, now] = ['', ''];

async function make(path: string, body: object): Promise<string> {
  const { status, text, json } = await server.raw.call(path, { method: 'POST', body });
  if (status !== 201) throw new Error(text);
  return json.metadata.resourceVersion;
}
const bindingOf = (name: string) => ({
  metadata: { name },
  subjects: [{ kind: 'User', name, apiGroup: GROUP }],
  roleRef: { kind: 'ClusterRole', name: 'cluster-admin', apiGroup: GROUP },
});

beforeAll(async () => {
  server = await startTestApiServer();
  [dev, auditor] = [new RawApi(await server.configFor('dev')), new RawApi(await server.configFor('auditor'))];
  await make('/api/v1/namespaces', { metadata: { name: 'shop' } });
  then = await make(`${SHOP}/secrets`, SECRET);
  await server.raw.call(`${SHOP}/secrets/old`, { method: 'DELETE' });
  await server.raw.call(SHOP, { method: 'DELETE' });
  await server.raw.call(`${SHOP}/finalize`, {
    method: 'PUT',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' }, spec: {} },
  });
  expect((await server.raw.call(SHOP)).status).toBe(404);
  await make('/api/v1/namespaces', { metadata: { name: 'shop' } });
  await make(`${RBAC}/namespaces/shop/rolebindings`, bindingOf('dev'));
  await make(`${RBAC}/clusterrolebindings`, bindingOf('auditor'));
  now = await make(`${SHOP}/secrets`, { metadata: { name: 'new' } });
  await vi.waitUntil(async () => (await dev.call(`${SHOP}/secrets`)).status === 200);
});
afterAll(async () => {
  for (const api of [dev, auditor]) api?.close();
  await server?.close();
});

describe('a namespace that had another of its name before it', () => {
  test('shows those who have rights in it what it was, and nothing of the other', async () => {
    const at = (revision: string, path: string, api = dev) => api.call(`/clusters/main@${revision}${path}`);
    for (const path of ['/secrets/old', '/secrets', '/configmaps']) {
      const { status, text } = await at(then, SHOP + path);
      expect([path, status]).toEqual([path, 403]);
      expect(text).toContain('the namespace shop was another then');
    }
    expect((await at(then, SHOP)).status).toBe(403);
    expect((await at(now, `${SHOP}/secrets/new`)).status).toBe(200);
    expect((await at(then, `${SHOP}/secrets/old`, auditor)).json.data.password).toBeDefined();
  });

  test('has no revisions of the other to list or to watch from', async () => {
    const exact = (revision: string) => `${SHOP}/secrets?resourceVersion=${revision}&resourceVersionMatch=Exact`;
    expect((await dev.call(exact(then))).status).toBe(410);
    expect((await dev.call(exact(now))).status).toBe(200);
    const watch = await dev.call(`${SHOP}/secrets?watch=1&timeoutSeconds=1&resourceVersion=${then}`);
    expect(watch.text).toMatch(/"code":410/);
    expect(watch.text).not.toContain('password');
  });

  test('has no changes of the other but for who may read all', async () => {
    const names = async (api: RawApi) => {
      const { json } = await api.call(`${CHANGES}/namespaces/shop/changes?limit=100`);
      return json.items.map(({ spec }: { spec: { name: string } }) => spec.name);
    };
    expect(await names(dev)).toContain('new');
    expect(await names(dev)).not.toContain('old');
    expect(await names(auditor)).toContain('old');
    expect((await dev.call(`${CHANGES}/namespaces/shop/changes/${then}`)).status).toBe(404);
    expect((await auditor.call(`${CHANGES}/namespaces/shop/changes/${then}`)).status).toBe(200);
  });
});
