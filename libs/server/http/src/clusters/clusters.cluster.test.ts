import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

let server: TestApiServer;

beforeAll(async () => {
  server = await startTestApiServer();
});
afterAll(() => server.close());

const create = (name: string, spec?: object) =>
  server.raw.call('/clusters', { method: 'POST', body: { metadata: { name }, ...(spec && { spec }) } });
const names = async (path: string): Promise<string[]> => {
  const { json } = await server.raw.call(path);
  return json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
};
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

async function write(cluster: string, name: string): Promise<void> {
  const path = `/clusters/${cluster}/api/v1/namespaces/default/configmaps`;
  expect((await server.raw.call(path, { method: 'POST', body: configMap(name) })).status).toBe(201);
}

test('a cluster that is made has all that a cluster must have, addresses of its own included', async () => {
  const { status, json } = await create('lab');
  expect(status).toBe(201);
  expect(json).toMatchObject({ kind: 'Cluster', metadata: { name: 'lab' }, spec: { serviceCIDR: expect.any(String) } });
  const api = '/clusters/lab/api/v1';
  expect(await names(`${api}/namespaces`)).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  expect(await names('/clusters/lab/apis/scheduling.k8s.io/v1/priorityclasses')).toHaveLength(2);
  expect(await names('/clusters/lab/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas')).toContain('catch-all');
  const service = await server.raw.call(`${api}/namespaces/default/services/kubernetes`);
  expect(service.json.spec.clusterIP).toBe(json.spec.serviceCIDR.replace(/0\/\d+$/, '1'));
  const endpoints = await server.raw.call(`${api}/namespaces/default/endpoints/kubernetes`);
  expect(endpoints.json.subsets[0].ports[0].port).toBe(Number(new URL(server.url).port));
  expect(await names('/clusters')).toContain('lab');
});

test('Services of two clusters never have the same address', async () => {
  await Promise.all(['one', 'two'].map((name) => create(name)));
  const body = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { ports: [{ port: 80 }] },
  };
  const addresses = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const path = `/clusters/${name}/api/v1/namespaces/default/services`;
      return (await server.raw.call(path, { method: 'POST', body })).json.spec.clusterIP.split('.').slice(0, 3);
    }),
  );
  expect(addresses[0]).not.toEqual(addresses[1]);
});

test('wrong names, names that are taken and clusters that are not there are refused', async () => {
  expect((await create('Lab@5')).json).toMatchObject({ code: 422, details: { causes: [{ field: 'metadata.name' }] } });
  expect((await create('main')).json).toMatchObject({ code: 409, reason: 'AlreadyExists' });
  expect((await create('copy', { source: { cluster: 'nowhere' } })).json).toMatchObject({ code: 404 });
  expect((await create('copy', { source: { cluster: 'main', resourceVersion: 'x' } })).json.code).toBe(422);
  expect((await create('copy', { source: { cluster: 'main', resourceVersion: '99999' } })).status).toBe(504);
  expect((await server.raw.call('/clusters/nowhere', { method: 'DELETE' })).status).toBe(404);
  expect((await server.raw.call('/clusters', { method: 'POST', body: '[]' })).status).toBe(400);
  expect((await server.raw.call('/clusters', { method: 'PUT', body: {} })).status).toBe(405);
});

test('the cluster main is never deleted', async () => {
  for (const path of ['/clusters/main', '/']) {
    expect((await server.raw.call(path, { method: 'DELETE' })).json).toMatchObject({ code: 403, reason: 'Forbidden' });
  }
  expect(await names('/clusters')).toContain('main');
});

test('the stream tells what there is, then what is made, what moves and what is deleted', async () => {
  const watch = await server.raw.watch('/clusters?watch=true');
  const seen = new Map<string, number>();
  for (let event = await watch.next(); event.type !== 'BOOKMARK'; event = await watch.next())
    seen.set(event.object.metadata.name, Number(event.object.metadata.resourceVersion));
  expect([...seen.keys()]).toContain('main');
  const nextOf = async (name: string, type: string) => {
    for (let event = await watch.next(); ; event = await watch.next())
      if (event.type === type && event.object.metadata.name === name) return event.object.metadata;
  };
  await create('told');
  const made = await nextOf('told', 'ADDED');
  await write('told', 'a');
  const moved = await nextOf('told', 'MODIFIED');
  expect(Number(moved.resourceVersion)).toBeGreaterThan(Number(made.resourceVersion));
  await server.raw.call('/clusters/told', { method: 'DELETE' });
  expect((await nextOf('told', 'DELETED')).uid).toBe(made.uid);
  watch.close();
});

test('only administrators make clusters, and only what serves them all is told of them', async () => {
  const statusAs = async (user: string, groups: string[], path: string, method = 'GET') => {
    const raw = new RawApi(await server.configFor(user, groups));
    const { status } = await raw.call(path, {
      method,
      ...(method === 'POST' && { body: { metadata: { name: 'x' } } }),
    });
    raw.close();
    return status;
  };
  expect(await statusAs('jane', [], '/clusters')).toBe(403);
  expect(await statusAs('jane', [], '/clusters', 'POST')).toBe(403);
  expect(await statusAs('jane', [], '/clusters/one', 'DELETE')).toBe(403);
  for (const user of ['system:kube-scheduler', 'system:kube-controller-manager', 'system:kube-proxy']) {
    expect(await statusAs(user, [], '/clusters')).toBe(200);
    expect(await statusAs(user, [], '/clusters', 'POST')).toBe(403);
  }
  expect(await statusAs('system:node-agent:kubelet-sim', ['system:nodes'], '/clusters')).toBe(200);
  expect(await statusAs('system:node:worker-1', ['system:nodes'], '/clusters')).toBe(403);
});

test('a fork holds what its source held, without the nodes', async () => {
  await create('source');
  await write('source', 'before');
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } };
  await server.raw.call('/clusters/source/api/v1/nodes', { method: 'POST', body: node });
  const { json } = await server.raw.call('/clusters/source/api/v1/configmaps');
  await write('source', 'after');
  const { resourceVersion } = json.metadata;
  expect((await create('fork', { source: { cluster: 'source', resourceVersion } })).status).toBe(201);
  expect(await names('/clusters/fork/api/v1/namespaces/default/configmaps')).toEqual(['before']);
  expect(await names('/clusters/fork/api/v1/nodes')).toEqual([]);
  expect(await names('/clusters/source/api/v1/nodes')).toEqual(['n']);
  const ranges = async (cluster: string) => {
    const { json } = await server.raw.call(`/clusters/${cluster}/apis/networking.k8s.io/v1/servicecidrs`);
    return json.items.map(({ spec }: { spec: { cidrs: string[] } }) => spec.cidrs);
  };
  const [ofFork, ofSource] = [await ranges('fork'), await ranges('source')];
  expect([ofFork.length, ofSource.length]).toEqual([1, 1]);
  expect(ofFork).not.toEqual(ofSource);
});

test('nothing of a cluster that was deleted is served any more', async () => {
  await create('gone');
  expect((await server.raw.call('/clusters/gone', { method: 'DELETE' })).json).toMatchObject({ status: 'Success' });
  expect((await server.raw.call('/clusters/gone/api/v1/namespaces')).status).toBe(404);
  expect((await create('gone')).status).toBe(201);
});

test.each(['/api/v1/namespaces', '/apis/history.binnacle.dev/v1/changes'])(
  'a watch of %s is told that its cluster is gone',
  async (path) => {
    await create('short');
    const watch = await server.raw.watch(`/clusters/short${path}?watch=true`);
    await watch.next();
    await server.raw.call('/clusters/short', { method: 'DELETE' });
    let event = await watch.next();
    while (event.type !== 'ERROR') event = await watch.next();
    expect(event.object).toMatchObject({ code: 404, reason: 'NotFound', message: 'cluster "short" does not exist' });
    watch.close();
  },
);

test('what every cluster must have is made again where a cluster is used that lacks it', async () => {
  const ctx = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };
  await server.storage.createCluster(ctx, 'bare');
  await expect.poll(() => names('/clusters/bare/api/v1/namespaces')).toContain('kube-node-lease');
});
