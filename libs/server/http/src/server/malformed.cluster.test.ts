import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect } from 'node:tls';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
let session: ClientHttp2Session;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  const { ca, cert, key } = server.admin;
  session = connectHttp2(server.url, { ca, cert, key });
});
afterAll(async () => {
  session.destroy();
  await server.close();
});

interface Told {
  readonly status: number;
  readonly json: { readonly kind: string; readonly code: number; readonly reason?: string; readonly message: string };
}

/** Sends bytes as they are on a connection of their own, and reads the first final answer. */
async function send(text: string): Promise<Told> {
  const { ca, cert, key } = server.admin;
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.url).port), ca, cert, key });
  await once(socket, 'secureConnect');
  socket.on('error', () => undefined);
  socket.write(text);
  let got = '';
  for await (const chunk of socket) {
    got += String(chunk);
    const [, head = '', body = ''] = /^([^]*?)\r\n\r\n([^]*)$/.exec(got) ?? [];
    if (!head || body.length < Number(/content-length: (\d+)/i.exec(head)?.[1])) continue;
    socket.destroy();
    return { status: Number(head.slice(9, 12)), json: JSON.parse(body) };
  }
  throw new Error(`no answer but ${got}`);
}

const request = (line: string, headers = '', body = '') => send(`${line} HTTP/1.1\r\nhost: a\r\n${headers}\r\n${body}`);
const JSON_BODY = 'content-type: application/json\r\n';
const NAMESPACES = '/api/v1/namespaces';

describe('what is no request of the API is answered with a Status:', () => {
  test.each([
    ['a path that is not well escaped', 400, () => request('GET /%zz')],
    ['a cluster that is not well escaped', 400, () => request('GET /clusters/%zz/api')],
    ['a method that does not exist', 400, () => request('FOO /version')],
    ['a method that the API has not', 405, () => request(`PROPFIND ${NAMESPACES}`)],
    ['a method that no library serves', 405, () => request('PURGE /version')],
    ['TRACE', 405, () => request('TRACE /version')],
    ['CONNECT', 405, () => request('CONNECT a:1')],
    ['no HTTP', 400, () => send('garbage\r\n\r\n')],
    ['another version of HTTP', 400, () => send('GET /version HTTP/3.0\r\n\r\n')],
    ['a request line without a slash', 400, () => request('GET version')],
    ['headers beyond measure', 431, () => request('GET /version', `x: ${'a'.repeat(70_000)}\r\n`)],
    ['more headers than there is room for', 431, () => request('GET /version', 'x: aaaaaaaa\r\n'.repeat(5_000))],
    ['a request line beyond measure', 431, () => request(`GET /${'a'.repeat(70_000)}`)],
    ['a length that is no number', 400, () => request(`POST ${NAMESPACES}`, 'content-length: abc\r\n')],
    ['a negative length', 400, () => request(`POST ${NAMESPACES}`, 'content-length: -1\r\n')],
    ['two lengths', 400, () => request(`POST ${NAMESPACES}`, 'content-length: 1\r\ntransfer-encoding: chunked\r\n')],
    [
      'chunks that are none',
      400,
      () => request(`POST ${NAMESPACES}`, `${JSON_BODY}transfer-encoding: chunked\r\n`, 'zz\r\n'),
    ],
    ['another transfer encoding', 400, () => request(`POST ${NAMESPACES}`, 'transfer-encoding: gzip\r\n', 'zz\r\n')],
    ['an expectation nobody has', 417, () => request(`POST ${NAMESPACES}`, 'expect: money\r\ncontent-length: 2\r\n')],
    ['an upgrade to what is not served', 404, () => request('GET /nothing', 'connection: upgrade\r\nupgrade: h2c\r\n')],
  ])('%s: %i', async (_what, code, ask) => {
    const { status, json } = await ask();
    expect({ status, kind: json.kind, code: json.code }).toEqual({ status: code, kind: 'Status', code });
  });

  test.each([
    ['a method that does not exist', { ':method': 'FOO', ':path': '/version' }, 404],
    ['TRACE', { ':method': 'TRACE', ':path': '/version' }, 405],
    ['a path that is not well escaped', { ':path': '/%zz' }, 400],
    ['an expectation nobody has', { ':path': '/version', expect: 'money' }, 417],
  ])('over HTTP/2 %s', async (_what, headers, code) => {
    const stream = session.request(headers).end();
    let text = '';
    const [head] = (await once(stream, 'response')) as [{ ':status': number }];
    for await (const chunk of stream) text += String(chunk);
    expect([head[':status'], JSON.parse(text).code]).toEqual([code, code]);
  });
});

test('a request line may name the server too', async () => {
  const { status, json } = await request('GET https://somewhere:1/version');
  expect([status, json]).toMatchObject([200, { major: '1' }]);
});

test.each([
  ['to impersonate nobody', 'impersonate-group: a', 400],
  ['to impersonate nobody with a uid', 'impersonate-uid: a', 400],
  ['to impersonate an empty name with a group', 'impersonate-user: \r\nimpersonate-group: a', 400],
])('to ask %s is a BadRequest', async (_what, header, code) => {
  expect((await request(`GET ${NAMESPACES}`, `${header}\r\n`)).status).toBe(code);
});

test('to ask for an empty name and nothing else is to ask for nobody', async () => {
  const plain = await request(`GET ${NAMESPACES}`);
  expect((await request(`GET ${NAMESPACES}`, 'impersonate-user: \r\n')).status).toBe(plain.status);
});

const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const token = (header: unknown, payload: unknown = {}, signature = 'AAAA') =>
  `${encoded(header)}.${encoded(payload)}.${signature}`;

test.each([
  ['no algorithm', token({ alg: 'none' }, {}, '')],
  ['a shared secret', token({ alg: 'HS256' })],
  ['RSA', token({ alg: 'RS256' })],
  ['RSA with PSS', token({ alg: 'PS512' })],
  ['another curve', token({ alg: 'ES384' })],
  ['Edwards curves', token({ alg: 'EdDSA' })],
  ['an algorithm nobody knows', token({ alg: 'XX' })],
  ['an algorithm that is no text', token({ alg: 1 })],
  ['critical extensions', token({ alg: 'ES256', crit: ['a'] })],
  ['a payload that is not encoded', token({ alg: 'ES256', b64: false, crit: ['b64'] })],
  ['a header that is no object', token([])],
  ['a header that is null', token(null)],
  ['a header that is no JSON', token('{')],
  ['a payload that is no JSON', token({ alg: 'ES256' }, '{')],
  ['five parts', 'a.b.c.d.e'],
  ['empty parts', '..'],
])('a token with %s is Unauthorized', async (_what, bearer) => {
  const { ca } = server.admin;
  const anonymous = connectHttp2(server.url, { ca });
  const stream = anonymous.request({ ':path': NAMESPACES, authorization: `Bearer ${bearer}` });
  const [head] = (await once(stream, 'response')) as [{ ':status': number }];
  expect(head[':status']).toBe(401);
  anonymous.destroy();
});
