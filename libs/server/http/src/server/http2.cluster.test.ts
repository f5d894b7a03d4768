import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
let session: ClientHttp2Session;
const CONFIGS = '/api/v1/namespaces/default/configmaps';
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  const { ca, cert, key } = server.admin;
  session = connect(server.url, { ca, cert, key });
  const names = ['small', 'large-1', 'large-2', 'large-3'];
  for (const name of names) {
    const data = { a: name.startsWith('large') ? 'ü'.repeat(100_000) : 'x' };
    await server.raw.call(CONFIGS, { method: 'POST', body: { metadata: { name }, data } });
  }
});
afterAll(async () => {
  session.destroy();
  await server.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What of the head is the same whichever way it came. */
function comparable(headers: IncomingHttpHeaders): Answer['headers'] {
  const names = ['content-type', 'content-length', 'content-encoding', 'cache-control', 'etag', 'vary', 'warning'];
  return Object.fromEntries(names.map((name) => [name, headers[name] as string | undefined]));
}

async function gather(chunks: AsyncIterable<unknown>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk as Buffer);
  return Buffer.concat(all);
}

async function overHttp1(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  const { ca, cert, key } = server.admin;
  const sent = request(new URL(path, server.url), { method, headers, ca, cert, key, agent: false });
  sent.end(headers['content-type'] ? '{"metadata":{"name":"tried"},"x":1,"y":2}' : undefined);
  const [message] = await once(sent, 'response');
  const body = await gather(message);
  return { status: message.statusCode, headers: comparable(message.headers), body };
}

async function overHttp2(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  const stream = session.request({ ':method': method, ':path': path, ...headers });
  stream.end(headers['content-type'] ? '{"metadata":{"name":"tried"},"x":1,"y":2}' : undefined);
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  const body = await gather(stream);
  return { status: head[':status'], headers: comparable(head), body };
}

const GZIP = { 'accept-encoding': 'gzip' };
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

test.each<[string, string, Record<string, string>, number]>([
  ['who asks what everybody may', '/version', {}, 200],
  ['who asks what is not for everybody', CONFIGS, {}, 401],
  ['who proves nothing', '/version', { authorization: 'Bearer a.b.c' }, 401],
])('of an HTTP/2 connection, %s gets one whole answer', async (_who, path, headers, status) => {
  const nobody = connect(server.url, { ca: server.admin.ca });
  const closed = once(nobody, 'close');
  const stream = nobody.request({ ':path': path, ...headers });
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  expect(head[':status']).toBe(status);
  expect(JSON.parse((await gather(stream)).toString())).toBeTypeOf('object');
  await closed;
});

describe('over HTTP/2 and HTTP/1.1', () => {
  test.each<[string, string, string, Record<string, string>]>([
    ['an object', 'GET', `${CONFIGS}/small`, {}],
    ['an object as YAML', 'GET', `${CONFIGS}/small`, { accept: 'application/yaml' }],
    ['an object to read by eye', 'GET', `${CONFIGS}/small?pretty=true`, {}],
    ['a large object', 'GET', `${CONFIGS}/large-1`, {}],
    ['a large object, compressed', 'GET', `${CONFIGS}/large-1`, GZIP],
    ['a large list', 'GET', CONFIGS, {}],
    ['a large list, compressed', 'GET', CONFIGS, GZIP],
    ['a large list to read by eye', 'GET', `${CONFIGS}?pretty=true`, GZIP],
    ['a Table', 'GET', CONFIGS, TABLE],
    ['a Status', 'GET', `${CONFIGS}/none`, {}],
    ['a tried write with warnings', 'POST', `${CONFIGS}?dryRun=All`, { 'content-type': 'application/json', ...TABLE }],
    ['a refused write', 'POST', `${CONFIGS}?dryRun=Some`, { 'content-type': 'application/json' }],
    ['the head of an object', 'HEAD', `${CONFIGS}/small`, {}],
    ['the head of a large document', 'HEAD', '/openapi/v2', {}],
    ['the head of a large document, compressed', 'HEAD', '/openapi/v2', GZIP],
    ['the head of a watch', 'HEAD', `${CONFIGS}?watch=1&timeoutSeconds=1`, {}],
    ['OpenAPI', 'GET', '/openapi/v2', GZIP],
    ['OpenAPI of a group', 'GET', '/openapi/v3/apis/apps/v1', {}],
    ['health', 'GET', '/readyz', {}],
    ['discovery', 'GET', '/apis', {}],
  ])('%s is answered alike', async (_what, method, path, headers) => {
    const [one, two] = [await overHttp1(method, path, headers), await overHttp2(method, path, headers)];
    // A tried object gets a new uid each time.
    const bodyOf = ({ body }: Answer) => body.toString().replace(/"uid":"[^"]*"/, '');
    expect({ ...two, body: bodyOf(two) }).toEqual({ ...one, body: bodyOf(one) });
    if (method === 'HEAD') expect(two.body.length).toBe(0);
    else if (two.headers['content-length']) expect(two.body.length).toBe(Number(two.headers['content-length']));
  });

  test.each(['/openapi/v2', '/openapi/v3/api/v1'])('%s is not sent again to who has it', async (path) => {
    const { headers, body } = await overHttp2('GET', path, GZIP);
    expect(JSON.parse(gunzipSync(body).toString())).toHaveProperty('paths');
    expect(headers.vary).toBe('Accept, Accept-Encoding');
    for (const ask of [overHttp1, overHttp2]) {
      const again = await ask('GET', path, { ...GZIP, 'if-none-match': headers.etag ?? '' });
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
      expect(again.headers['content-length'], 'of what is not sent').toBeUndefined();
    }
  });
});

test('a body that comes without its type and its length is read', async () => {
  const stream = session.request({ ':method': 'POST', ':path': CONFIGS });
  stream.write('{"apiVersion":"v1","kind":"ConfigMap",');
  stream.end('"metadata":{"name":"unannounced"}}');
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  expect(JSON.parse((await gather(stream)).toString())).toMatchObject({ metadata: { name: 'unannounced' } });
  expect(head[':status']).toBe(201);
});

test('components may have a thousand streams over a connection, and whoever reaches the port a hundred', async () => {
  const { ca, cert, key } = server.admin;
  const stranger = connect(server.url, { ca });
  const most = (of: ClientHttp2Session) => of.remoteSettings?.maxConcurrentStreams;
  const component = connect(server.url, { ca, cert, key });
  await expect.poll(() => [most(stranger), most(component)], { interval: 10 }).toEqual([100, 1000]);
  stranger.destroy();
  component.destroy();
});

test('many that come in one packet are all answered', async () => {
  const { ca, cert, key } = server.admin;
  const crowd = connect(server.url, { ca, cert, key });
  await expect.poll(() => crowd.remoteSettings?.maxConcurrentStreams, { interval: 10 }).toBe(1000);
  const statuses = Array.from({ length: 600 }, async (_, at) => {
    const stream = crowd.request({ ':path': at % 2 ? '/version' : `${CONFIGS}/small` });
    const [head] = (await once(stream, 'response')) as [{ ':status': number }];
    stream.resume();
    return head[':status'];
  });
  expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]));
  crowd.destroy();
});
