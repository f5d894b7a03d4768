import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import type { Connection, ServiceTraffic } from '@binnacle/apis-kubernetes/traffic/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient, DelegatedAccess, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import type { ConnectionView, PortTraffic, TrialReport, TrialRequest } from '@binnacle/network-proxy';
import { systemClock } from '@binnacle/process-lifecycle';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startConnectionsServer } from './connections-server.js';

const HOST = '127.0.0.1';
let abort = new AbortController();
const ctx = (): Context => ({ clock: systemClock, logger: silentLogger, signal: abort.signal });
let server: TestApiServer;
let client: KubeClient;
let port: number;

const view = (id: string, service: string): ConnectionView => ({
  id,
  service,
  servicePort: 'http',
  protocol: 'TCP',
  purpose: 'ClusterIP',
  asked: { address: '10.96.3.4', port: 80 },
  client: { address: '10.244.1.5', port: 40_000, node: 'a' },
  endpoint: { address: '10.244.2.7', port: 8080, node: 'b' },
  since: Date.parse('2026-01-01T00:00:00Z'),
  sent: 3,
  received: 4,
  draining: false,
});
const carried = (service: string): PortTraffic => ({
  service,
  servicePort: 'http',
  protocol: 'TCP',
  notAdmitted: 0,
  unanswered: 1,
  endpoints: [{ address: '10.244.2.7', port: 8080, active: 1, total: 2, failed: 0, sent: 3, received: 4 }],
  gone: { total: 0, failed: 0, sent: 0, received: 0 },
});

/** What is carried, by cluster. */
const clusters: Record<string, readonly string[]> = { main: ['shop/web', 'shop/db', 'bank/vault'], lab: ['shop/lab'] };
const isMeant = (query: { readonly namespace?: string; readonly name?: string }, service: string) =>
  (query.namespace === undefined || service.startsWith(`${query.namespace}/`)) &&
  (query.name === undefined || service.endsWith(`/${query.name}`));
const connectionsIn = (cluster: string) => {
  const services = clusters[cluster];
  if (!services) return undefined;
  return {
    size: services.length,
    list: ({ limit, ...query }: { readonly limit: number }) => {
      const meant = services.filter((service) => isMeant(query, service));
      const items = meant.slice(0, limit).map((service, at) => view(`tcp-0a1b2c3d-${at}`, service));
      return { items, remaining: meant.length - items.length };
    },
    traffic: (query: object) => services.filter((service) => isMeant(query, service)).map(carried),
  };
};

const tryOut = async (_: Context, cluster: string, request: TrialRequest): Promise<TrialReport> => {
  tried.push({ cluster, ...request });
  return {
    asked: { address: '10.96.3.4', port: 80 },
    connected: 0.4,
    endpoint: { address: '10.244.2.7', port: 8080, node: 'b' },
    reached: 1.2,
    answer: { status: 200, text: 'hello', truncated: false },
    answered: 3.5,
  };
};
const tried: object[] = [];

async function freePort(): Promise<number> {
  const held = createServer().listen(0, HOST);
  await once(held, 'listening');
  const { port: free } = held.address() as AddressInfo;
  await new Promise((resolve) => held.close(resolve));
  return free;
}

async function startProxy(commonName = 'system:kube-proxy'): Promise<void> {
  abort.abort(new Error('another'));
  abort = new AbortController();
  const { certificate: cert, key } = await server.authority.issue({ commonName, hosts: ['nowhere'] });
  const tls = { cert, key, ca: server.authority.certificate };
  const access = new DelegatedAccess(client);
  await startConnectionsServer(ctx(), { host: HOST, port, tls, access, connectionsIn, tryOut });
}

beforeAll(async () => {
  port = await freePort();
  server = await startTestApiServer({ storage: 'memory', config: { proxies: [{ host: HOST, port }] } });
  client = createKubeClient(await server.configFor('system:kube-proxy'));
  await startProxy();
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await client.close();
  await server.close();
});

const GROUP = '/apis/networking.binnacle.dev/v1';
const names = ({ items }: { readonly items: ReadonlyArray<{ readonly metadata: { readonly name?: string } }> }) =>
  items.map(({ metadata }) => metadata.name);

test('what stands and what was carried is listed in all namespaces, in one, and got by name', async () => {
  const connections = server.client.resource<Connection>(refs.connections);
  const all = await connections.list(ctx());
  expect(all.items.map(({ spec, metadata }) => `${metadata.namespace}/${spec.serviceName}`)).toEqual([
    'shop/web',
    'shop/db',
    'bank/vault',
  ]);
  const [first] = (await connections.list(ctx(), { namespace: 'bank' })).items;
  expect(first).toMatchObject({
    metadata: { name: 'tcp-0a1b2c3d-0', namespace: 'bank', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { client: { address: '10.244.1.5', port: 40_000, nodeName: 'a' } },
    status: { sentBytes: 3, receivedBytes: 4 },
  });
  expect((await connections.get(ctx(), { name: 'tcp-0a1b2c3d-0', namespace: 'bank' })).spec.serviceName).toBe('vault');
  const traffic = server.client.resource<ServiceTraffic>(refs.servicetraffics);
  expect(names(await traffic.list(ctx()))).toEqual(['web', 'db', 'vault']);
  expect(await traffic.get(ctx(), { name: 'db', namespace: 'shop' })).toMatchObject({
    ports: [{ name: 'http', active: 1, total: 2, unanswered: 1, endpoints: [{ address: '10.244.2.7', total: 2 }] }],
  });
  await expect(traffic.get(ctx(), { name: 'vault', namespace: 'shop' })).rejects.toMatchObject({ code: 404 });
});

test('connections are selected by their Service, and printed', async () => {
  const path = `${GROUP}/namespaces/shop/connections`;
  const { json } = await server.raw.call(`${path}?fieldSelector=spec.serviceName%3Ddb`);
  expect(json.items.map(({ spec }: Connection) => spec.serviceName)).toEqual(['db']);
  const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
  const table = await server.raw.call(path, { headers: { accept } });
  expect(table.json.rows[0].cells.slice(1, 5)).toEqual(['TCP', '10.244.1.5:40000', 'web:http', '10.244.2.7:8080']);
});

const TRIALS = `${GROUP}/requesttrials`;
const trial = (spec: object) => ({ apiVersion: 'networking.binnacle.dev/v1', kind: 'RequestTrial', spec });
const makeService = (name: string, namespace: string) =>
  server.raw.call(`/api/v1/namespaces/${namespace}/services`, {
    method: 'POST',
    body: { metadata: { name }, spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] } },
  });

test('a request is sent to a Service for whoever may get its proxy, and it is told how far it got', async () => {
  await server.raw.call('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: 'mall' } } });
  await makeService('web', 'mall');
  const spec = { namespace: 'mall', service: 'web', port: 80, path: '/a?b=c' };
  const { status, json } = await server.raw.call(TRIALS, { method: 'POST', body: trial(spec) });
  expect([status, json.status]).toEqual([
    201,
    {
      asked: { address: '10.96.3.4', port: 80 },
      connectedMilliseconds: '0.4',
      endpoint: { address: '10.244.2.7', port: 8080, nodeName: 'b' },
      reachedMilliseconds: '1.2',
      answeredMilliseconds: '3.5',
      code: 200,
      text: 'hello',
      truncated: false,
    },
  ]);
  expect(tried).toEqual([{ cluster: 'main', service: 'mall/web', servicePort: 'http', path: '/a?b=c' }]);
  const mallory = new RawApi(await server.configFor('mallory'));
  expect((await mallory.call(TRIALS, { method: 'POST', body: trial(spec) })).status).toBe(403);
  mallory.close();
  expect(tried).toHaveLength(1);
});

test.each([
  ['no port of it', { port: 81 }, 400],
  ['no Service', { service: 'nothing' }, 404],
  ['a path that is none', { path: 'http://elsewhere' }, 422],
  ['a path of two lines', { path: '/\r\nHost: elsewhere' }, 422],
  ['no name', { service: '' }, 422],
])('nobody is asked where there is %s', async (_, wrong, code) => {
  const before = tried.length;
  const spec = { namespace: 'mall', service: 'web', port: 80, ...wrong };
  expect((await server.raw.call(TRIALS, { method: 'POST', body: trial(spec) })).status).toBe(code);
  expect(tried).toHaveLength(before);
});

test('a Service that somebody leads elsewhere than to its own Pods is not asked', async () => {
  await makeService('astray', 'mall');
  const body = {
    metadata: { name: 'astray-1', labels: { 'kubernetes.io/service-name': 'astray' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.9.9'], targetRef: { kind: 'Pod', namespace: 'bank', name: 'vault' } }],
    ports: [{ name: 'http', port: 80 }],
  };
  await server.raw.call('/apis/discovery.k8s.io/v1/namespaces/mall/endpointslices', { method: 'POST', body });
  const spec = { namespace: 'mall', service: 'astray', port: 80 };
  const { status, json } = await server.raw.call(TRIALS, { method: 'POST', body: trial(spec) });
  expect([status, json.message]).toEqual([403, expect.stringContaining('elsewhere than to Pods')]);
});

test('nothing is written, and nothing watched', async () => {
  const body = { apiVersion: 'networking.binnacle.dev/v1', kind: 'Connection', metadata: { name: 'a' } };
  const path = `${GROUP}/namespaces/shop/connections`;
  expect((await server.raw.call(path, { method: 'POST', body })).status).toBe(405);
  expect((await server.raw.call(`${path}?watch=true`)).status).toBe(405);
});

test('another logical cluster has its own, and a moment of the past has none', async () => {
  await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name: 'lab' } } });
  const inCluster = (name: string) => server.client.inCluster(name).resource<ServiceTraffic>(refs.servicetraffics);
  expect(names(await inCluster('lab').list(ctx()))).toEqual(['lab']);
  await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name: 'empty' } } });
  expect(names(await inCluster('empty').list(ctx()))).toEqual([]);
  const { json } = await server.raw.call('/api/v1/namespaces');
  expect(names(await inCluster(`main@${json.metadata.resourceVersion}`).list(ctx()))).toEqual([]);
});

test('who may view one namespace sees what is connected there alone', async () => {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'eve', namespace: 'shop' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'eve' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'binnacle:aggregate-to-view' },
  };
  await server.raw.call('/api/v1/namespaces', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  });
  await server.raw.call('/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings', {
    method: 'POST',
    body: binding,
  });
  const eve = new RawApi(await server.configFor('eve'));
  const statusOf = async (path: string) => (await eve.call(`${GROUP}${path}`)).status;
  expect(await statusOf('/namespaces/shop/connections')).toBe(200);
  expect(await statusOf('/namespaces/shop/servicetraffics/web')).toBe(200);
  expect(await statusOf('/namespaces/bank/connections')).toBe(403);
  expect(await statusOf('/connections')).toBe(403);
  eve.close();
});

/** Asks the proxy itself. */
async function ask(path: string, who?: { cert?: string; key?: string }, method = 'GET') {
  const asked = request({ host: HOST, port, path, method, rejectUnauthorized: false, agent: false, ...who }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body };
}

test('the proxy tells the API server and administrators, and nobody else', async () => {
  const path = '/connections/main?limit=1';
  expect((await ask(path)).status).toBe(401);
  expect((await ask(path, await server.configFor('eve'))).status).toBe(403);
  const admin = await server.configFor('kubernetes-admin', ['system:masters']);
  const { status, body } = await ask(path, admin);
  expect([status, JSON.parse(body)]).toMatchObject([200, { items: [{ service: 'shop/web' }], remaining: 2 }]);
  expect((await ask('/traffic/nowhere', admin)).body).toBe('{"items":[],"remaining":0}');
  const wrong = ['/', '/connections', '/connections/a/b', '/metrics', '/connections/%zz'];
  expect(await Promise.all(wrong.map(async (each) => (await ask(each, admin)).status))).toEqual([
    404, 404, 404, 404, 400,
  ]);
  expect((await ask(path, admin, 'DELETE')).status).toBe(405);
});

test('who answers at the address of the proxy and is none is not believed, and a proxy that is away is told as that', async () => {
  await startProxy('somebody');
  const { status, json } = await server.raw.call(`${GROUP}/namespaces/impostor/connections`);
  expect([status, json.message]).toEqual([503, expect.stringContaining('not system:kube-proxy')]);
  abort.abort(new Error('killed'));
  expect((await server.raw.call(`${GROUP}/namespaces/away/connections`)).status).toBe(503);
  await startProxy();
  expect((await server.raw.call(`${GROUP}/namespaces/back/connections`)).status).toBe(200);
});
