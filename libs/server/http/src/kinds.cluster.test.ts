import { ChangingSets, startTestApiServer, type TestApiServer, widgets } from '@binnacle/testing-cluster';
import { systemContext } from '@binnacle/server-registry';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const sets = new ChangingSets();
let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory', sets });
  const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await server.storage.createCluster(ctx, 'lab');
  await (await server.parts.registry.of(systemContext(ctx, 'lab'))).get('', 'v1', 'namespaces').create(
    systemContext(ctx, 'lab'),
    { namespace: '' },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default' },
    },
  );
  sets.serve('lab', '1', widgets());
});
afterAll(() => server.close());

const LAB = '/clusters/lab';
const PATH = '/apis/example.io/v1/namespaces/default/widgets';
const get = (path: string, headers = {}) => server.raw.call(path, { headers });
const send = (method: string, path: string, body: object, contentType = 'application/json') =>
  server.raw.call(path, { method, headers: { 'content-type': contentType }, body: JSON.stringify(body) });
const widget = (name: string, spec: object = { size: 'large' }) => ({
  apiVersion: 'example.io/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
});

describe('a kind of one cluster', () => {
  test('is served there and nowhere else', async () => {
    expect((await send('POST', LAB + PATH, widget('a'))).status).toBe(201);
    expect((await get(`${LAB}${PATH}/a`)).json.spec).toEqual({ size: 'large' });
    const elsewhere = await get(`${PATH}/a`);
    expect([elsewhere.status, elsewhere.json.message]).toEqual([
      404,
      'the server could not find the requested resource',
    ]);
  });

  test('is discovered there and nowhere else, in both forms', async () => {
    expect((await get(`${LAB}/apis/example.io/v1`)).json.resources[0]).toMatchObject({
      name: 'widgets',
      kind: 'Widget',
    });
    expect((await get('/apis/example.io/v1')).status).toBe(404);
    const groups = async (cluster: string) => (await get(`${cluster}/apis`)).json.groups.map(({ name }: never) => name);
    expect((await groups(LAB)).sort()).toEqual([...(await groups('')), 'example.io'].sort());
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const tags = [(await get(`${LAB}/apis`, { accept })).headers.etag, (await get('/apis', { accept })).headers.etag];
    expect(tags[0]).not.toBe(tags[1]);
  });

  test('is documented there, without what its objects cannot be sent as', async () => {
    const { json: index } = await get(`${LAB}/openapi/v3`);
    const { json } = await get(LAB + index.paths['apis/example.io/v1'].serverRelativeURL);
    const { patch, put } = json.paths[`${PATH.replace('default', '{namespace}')}/{name}`];
    expect(Object.keys(patch.requestBody.content)).not.toContain('application/strategic-merge-patch+json');
    expect(Object.keys(put.requestBody.content)).toEqual(['application/json', 'application/yaml']);
    expect(json.components.schemas['io.example.v1.WidgetSpec'].properties).toEqual({ size: { type: 'string' } });
    expect(Object.keys((await get('/openapi/v3')).json.paths)).not.toContain('apis/example.io/v1');
    const own = (await get('/openapi/v3')).json.paths['apis/apps/v1'];
    expect(index.paths['apis/apps/v1']).toEqual(own);
    expect(Object.keys((await get(`${LAB}/openapi/v2`)).json.definitions)).toContain('io.example.v1.Widget');
  });

  test('takes merge patches and server-side applies by its own structure, no strategic ones', async () => {
    await send('POST', LAB + PATH, widget('b'));
    const merged = await send('PATCH', `${LAB}${PATH}/b`, { spec: { size: 's' } }, 'application/merge-patch+json');
    expect(merged.json.spec).toEqual({ size: 's' });
    const strategic = 'application/strategic-merge-patch+json';
    expect((await send('PATCH', `${LAB}${PATH}/b`, { spec: {} }, strategic)).status).toBe(415);
    const apply = await send(
      'PATCH',
      `${LAB}${PATH}/c?fieldManager=me`,
      widget('c', { size: 'm' }),
      'application/apply-patch+yaml',
    );
    expect([apply.status, apply.json.metadata.managedFields[0].fieldsV1]).toEqual([
      201,
      { 'f:spec': { 'f:size': {} } },
    ]);
    const unknown = await send('POST', `${LAB}${PATH}?fieldValidation=Strict`, widget('d', { weight: '1' }));
    expect([unknown.status, unknown.json.message]).toEqual([
      400,
      expect.stringContaining('unknown field "spec.weight"'),
    ]);
  });

  test('ends its watches, and is gone, when it leaves', async () => {
    const watch = await server.raw.watch(`${LAB}${PATH}?watch=true`);
    await send('POST', LAB + PATH, widget('e'));
    const seen: string[] = [];
    for await (const { type, object } of watch) {
      seen.push(`${type} ${object.metadata.name}`);
      if (object.metadata.name === 'e') sets.serve('lab', '2');
    }
    expect(seen.at(-1)).toBe('ADDED e');
    expect((await get(LAB + PATH)).status).toBe(404);
  });
});

test('kinds that are only asked are documented too, so that clients can check what they send', async () => {
  const { json: index } = await get('/openapi/v3');
  const { json } = await get(index.paths['apis/authorization.k8s.io/v1'].serverRelativeURL);
  const one = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  expect(Object.keys(json.paths[one])).toEqual(['post']);
  expect(json.paths[one].post['x-kubernetes-group-version-kind'].kind).toBe('SelfSubjectAccessReview');
  expect(Object.keys(json.components.schemas)).toContain('io.k8s.api.authorization.v1.ResourceAttributes');
});
