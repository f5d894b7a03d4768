import { once } from 'node:events';
import { connect } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
});
afterAll(() => server.close());

const get = (path: string, headers = {}) => server.raw.call(path, { headers });
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

describe('discovery', () => {
  test('lists groups, versions and resources one by one', async () => {
    expect((await get('/api')).json.versions).toEqual(['v1']);
    const groups: { name: string; preferredVersion: object }[] = (await get('/apis')).json.groups;
    expect(groups.find(({ name }) => name === 'apps')?.preferredVersion).toEqual({
      groupVersion: 'apps/v1',
      version: 'v1',
    });
    const resources: { name: string }[] = (await get('/api/v1')).json.resources;
    expect(resources.find(({ name }) => name === 'pods')).toMatchObject({
      kind: 'Pod',
      shortNames: ['po'],
      categories: ['all'],
    });
    // `kubectl drain` evicts only where it sees this.
    const eviction = { group: 'policy', version: 'v1', kind: 'Eviction' };
    expect(resources.find(({ name }) => name === 'pods/eviction')).toMatchObject(eviction);
  });

  test.each(['/api', '/apis'])('answers %s all at once, and not again to who has it', async (path) => {
    const answer = await get(path, { accept: `${AGGREGATED},application/json` });
    expect(answer.headers['content-type']).toBe(AGGREGATED);
    expect(answer.json.kind).toBe('APIGroupDiscoveryList');
    const etag = answer.headers.etag ?? '';
    expect(etag).toMatch(/^"[0-9A-F]{64}"$/);
    expect((await get(path, { accept: AGGREGATED, 'if-none-match': etag })).status).toBe(304);
  });
});

describe('OpenAPI', () => {
  test('of each group version is found through its index', async () => {
    const { json: index } = await get('/openapi/v3');
    const { serverRelativeURL: url } = index.paths['apis/apps/v1'];
    const { status, json, headers } = await get(url);
    expect([status, json.openapi]).toEqual([200, '3.0.0']);
    expect(headers['cache-control']).toContain('immutable');
    const moved = await get('/openapi/v3/apis/apps/v1?hash=old');
    expect([moved.status, moved.headers.location]).toEqual([301, url]);
    const { patch } = json.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
    expect(Object.keys(patch.requestBody.content)).toContain('application/strategic-merge-patch+json');
    expect(JSON.stringify(patch)).toContain('fieldValidation');
  });

  test('of the older version is one document', async () => {
    const { json, headers } = await get('/openapi/v2');
    expect(json.swagger).toBe('2.0');
    expect((await get('/openapi/v2', { 'if-none-match': headers.etag })).status).toBe(304);
  });
});

describe('the server', () => {
  test('tells its version and health', async () => {
    expect((await get('/version')).json).toMatchObject({ major: '1', minor: '36' });
    expect((await get('/readyz?verbose')).text).toBe(
      '[+]ping ok\n[+]storage ok\n[+]shutdown ok\nreadyz check passed\n',
    );
    expect((await get('/livez/ping')).text).toBe('ok');
    expect((await get('/livez/unknown')).status).toBe(404);
  });

  test('counts what it answered', async () => {
    await get('/api/v1/namespaces/default/pods');
    const { text } = await get('/metrics');
    expect(text).toMatch(
      /apiserver_request_total\{verb="LIST",group="",version="v1",resource="pods",subresource="",code="200"/,
    );
  });

  test('speaks HTTP/2 as well as HTTP/1.1', async () => {
    const session = connect(server.url, { ca: server.admin.ca, cert: server.admin.cert, key: server.admin.key });
    const stream = session.request({ ':path': '/api/v1/namespaces/default' });
    const [headers] = (await once(stream, 'response')) as [{ ':status': number }];
    expect(headers[':status']).toBe(200);
    session.destroy();
  });

  test('answers YAML, and compresses what is large', async () => {
    expect((await get('/api/v1/namespaces/default', { accept: 'application/yaml' })).text).toContain(
      'kind: Namespace\n',
    );
    const path = '/api/v1/namespaces/default/configmaps';
    const body = { metadata: { name: 'large' }, data: { a: 'x'.repeat(200_000) } };
    await server.raw.call(path, { method: 'POST', body });
    const answer = await fetchBytes(`${path}/large`);
    expect(answer.encoding).toBe('gzip');
    expect(JSON.parse(gunzipSync(answer.bytes).toString()).data).toEqual(body.data);
  });

  test('indents JSON for who reads it by eye', async () => {
    const path = '/api/v1/namespaces/default';
    expect((await get(path, { 'user-agent': 'curl/8.0' })).text).toContain('\n  "kind": "Namespace"');
    expect((await get(`${path}?pretty=true`)).text).toContain('\n  "kind": "Namespace"');
    expect((await get(path)).text).not.toContain('\n  ');
  });

  test.each([
    ['/readyz', 200],
    ['/api/v1/namespaces/default', 405],
  ])('answers HEAD of %s without a body', async (path, status) => {
    const answer = await server.raw.call(path, { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([status, '']);
  });

  test('answers who wants to upgrade to what is not served, instead of leaving them waiting', async () => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'a',
      'sec-websocket-version': '13',
    };
    const answer = await get('/api/v1/namespaces/default/pods/p/exec?command=ls', headers);
    expect([answer.status, answer.json.reason]).toEqual([404, 'NotFound']);
  });

  test('keeps logical clusters apart', async () => {
    expect((await get('/clusters/nowhere/api/v1/pods')).status).toBe(404);
    expect((await get('/clusters/main/api/v1/namespaces/default')).status).toBe(200);
  });

  test.each(['', '?watch=1&timeoutSeconds=1', '/kubernetes'])(
    'warns who asks for Endpoints%s of their end',
    async (rest) => {
      const { status, headers } = await get(`/api/v1/namespaces/default/endpoints${rest}`);
      expect(status).toBe(200);
      expect(headers.warning).toBe(
        '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
      );
      expect((await get('/api/v1/namespaces/default/pods')).headers.warning).toBeUndefined();
    },
  );

  test('refuses a path that is not well encoded', async () => {
    expect((await get('/api/v1/namespaces/%zz/pods')).status).toBe(400);
  });
});

async function fetchBytes(path: string): Promise<{ encoding: string; bytes: Buffer }> {
  const session = connect(server.url, { ca: server.admin.ca, cert: server.admin.cert, key: server.admin.key });
  const stream = session.request({ ':path': path, 'accept-encoding': 'gzip' });
  const [headers] = (await once(stream, 'response')) as [Record<string, string>];
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  session.destroy();
  return { encoding: headers['content-encoding'] ?? '', bytes: Buffer.concat(chunks) };
}
