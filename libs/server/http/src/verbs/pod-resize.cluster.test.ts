import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer();
});
afterAll(() => server.close());

const PODS = '/api/v1/namespaces/default/pods';
const resources = (cpu: string) => ({ spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }] } });
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };

async function create(name: string): Promise<void> {
  await server.raw.call('/api/v1/namespaces/default/serviceaccounts', {
    method: 'POST',
    body: { metadata: { name: 'default' } },
  });
  const containers = [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '100m' } } }];
  const { status } = await server.raw.call(PODS, {
    method: 'POST',
    body: { metadata: { name }, spec: { containers } },
  });
  expect(status).toBe(201);
}

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly fieldsV1: object;
}

const OWNED = {
  'f:spec': { 'f:containers': { 'k:{"name":"c"}': { 'f:resources': { 'f:requests': { 'f:cpu': {} } } } } },
};

test('a Pod is resized by a patch, of which nothing but its size is taken and owned', async () => {
  await create('patched');
  const body = { metadata: { labels: { a: 'b' } }, ...resources('200m') };
  const path = `${PODS}/patched/resize?fieldManager=sizer`;
  const { status, json } = await server.raw.call(path, { method: 'PATCH', body, headers: STRATEGIC });
  expect([status, json.metadata.generation, json.metadata.labels]).toEqual([200, 2, undefined]);
  expect(json.spec.containers[0].resources.requests).toEqual({ cpu: '200m' });
  const entry = json.metadata.managedFields.find(({ subresource }: Entry) => subresource === 'resize');
  expect(entry).toMatchObject({ manager: 'sizer', operation: 'Update', fieldsV1: OWNED });
});

test('a Pod is resized by an apply', async () => {
  await create('applied');
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'applied' }, ...resources('200m') };
  const path = `${PODS}/applied/resize?fieldManager=sizer&force=true`;
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const { status, json } = await server.raw.call(path, { method: 'PATCH', body, headers });
  expect([status, json.spec.containers[0].resources.requests]).toEqual([200, { cpu: '200m' }]);
  const entry = json.metadata.managedFields.find(({ operation }: Entry) => operation === 'Apply');
  expect(entry).toMatchObject({ manager: 'sizer', subresource: 'resize' });
  expect(Object.keys(entry.fieldsV1)).toEqual(['f:spec']);
});

test('a Pod is read and replaced at its size, and changes nothing else there', async () => {
  await create('replaced');
  const path = `${PODS}/replaced/resize`;
  const { json: pod } = await server.raw.call(path);
  pod.spec.containers[0].image = 'httpd';
  pod.spec.containers[0].resources.requests.cpu = '300m';
  const { json } = await server.raw.call(path, { method: 'PUT', body: pod });
  expect([json.spec.containers[0].image, json.spec.containers[0].resources.requests.cpu]).toEqual(['nginx', '300m']);
  const { status, json: refused } = await server.raw.call(`${PODS}/replaced`, { method: 'PUT', body: pod });
  expect([status, refused.reason]).toEqual([409, 'Conflict']);
});

test('the subresource is discovered', async () => {
  const { json } = await server.raw.call('/api/v1');
  expect(json.resources.find(({ name }: { name: string }) => name === 'pods/resize')).toMatchObject({
    kind: 'Pod',
    namespaced: true,
    verbs: ['get', 'patch', 'update'],
  });
});
