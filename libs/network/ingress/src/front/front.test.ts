import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import {
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
  createServer as createHttp2,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { systemClock } from '@binnacle/process-lifecycle';
import { TestAuthority } from '@binnacle/testing-cluster';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RoutePolicy } from '../table/policy.js';
import { route } from '../testing/routes.js';
import { Stage } from '../testing/stage.js';
import { type Certificate, certificateOf, CertificateTable } from './certificates.js';

const PORT = 8080;
let authority: TestAuthority;
let stage: Stage;
beforeAll(async () => {
  authority = await TestAuthority.create(systemClock.now());
});
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.close());

const to = (backend: string, policy: Partial<RoutePolicy> = {}, path = '/') =>
  route('web', path, { action: { kind: 'forward', targets: [{ backend, weight: 1 }], canaries: [] }, policy });

async function secretFor(hosts: readonly string[], kind?: 'RSA'): Promise<Secret> {
  const { certificate, key } = await authority.issue({ commonName: hosts[0] ?? '', hosts }, kind);
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const data = { 'tls.crt': encode(certificate), 'tls.key': encode(key) };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cert', namespace: 'default' }, data };
}

async function certificateFor(host: string, kind?: 'RSA'): Promise<Certificate> {
  const read = certificateOf(await secretFor([host], kind));
  if ('words' in read) throw new Error(read.words);
  return read;
}

async function tableOf(...hosts: string[]): Promise<CertificateTable> {
  const certificates = hosts.map(async (host) => ({ host, certificate: await certificateFor(host) }));
  const fallback = await certificateFor('fallback.invalid');
  return new CertificateTable([...(await Promise.all(certificates)), { host: '', certificate: fallback }]);
}

async function dial(
  servername: string,
  protocols = ['http/1.1'],
  maxVersion?: 'TLSv1.2' | 'TLSv1.3',
): Promise<TLSSocket> {
  const socket = connectTls({
    host: stage.host,
    port: PORT,
    ALPNProtocols: protocols,
    rejectUnauthorized: false,
    ...(servername && { servername }),
    ...(maxVersion && { maxVersion }),
  });
  await once(socket, 'secureConnect');
  return socket;
}

const shownTo = async (servername: string, maxVersion?: 'TLSv1.2' | 'TLSv1.3') => {
  const socket = await dial(servername, undefined, maxVersion);
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
};

describe('over TLS', () => {
  test('everybody is shown the certificate of the name they ask for', async () => {
    const backend = stage.backend('web', [await stage.pod()]);
    await stage.serve([to(backend)], await tableOf('a.example.com', '*.b.example.com'));
    expect(await shownTo('a.example.com')).toBe('a.example.com');
    expect(await shownTo('A.Example.com')).toBe('a.example.com');
    expect(await shownTo('x.b.example.com')).toBe('*.b.example.com');
    expect(await shownTo('b.example.com')).toBe('fallback.invalid');
    expect(await shownTo('')).toBe('fallback.invalid');
  });

  test('a certificate of a name is shown whatever kind of key it has, and that for all others has', async () => {
    const backend = stage.backend('web', [await stage.pod()]);
    for (const [kind, other] of [
      ['RSA', undefined],
      [undefined, 'RSA'],
    ] as const) {
      const certificate = await certificateFor('a.example.com', kind);
      const fallback = await certificateFor('fallback.invalid', other);
      const table = new CertificateTable([
        { host: 'a.example.com', certificate },
        { host: '', certificate: fallback },
      ]);
      await stage.serve([to(backend)], table);
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        expect([kind, maxVersion, await shownTo('a.example.com', maxVersion)]).toEqual([
          kind,
          maxVersion,
          'a.example.com',
        ]);
        expect([other, maxVersion, await shownTo('', maxVersion)]).toEqual([other, maxVersion, 'fallback.invalid']);
      }
    }
  });

  test('a new certificate is shown at once, and connections that stand go on', async () => {
    const backend = stage.backend('web', [await stage.pod()]);
    await stage.serve([to(backend)], await tableOf('a.example.com'));
    const standing = await dial('a.example.com');
    await stage.serve([to(backend)], await tableOf('*.example.com'));
    expect(await shownTo('a.example.com')).toBe('*.example.com');
    standing.write('GET /still HTTP/1.1\r\nhost: a.example.com\r\nconnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of standing) text += String(chunk);
    expect(text).toContain('"url":"/still"');
    expect(stage.asked[0]?.headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-port': '8080' });
  });

  test('nothing older than TLS 1.2 is spoken', async () => {
    await stage.serve([], await tableOf('a.example.com'));
    const socket = connectTls({
      host: stage.host,
      port: PORT,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      rejectUnauthorized: false,
    });
    await expect(once(socket, 'secureConnect')).rejects.toThrow();
  });
});

test.each<[why: string, change: (data: Record<string, string>) => void, words: string]>([
  ['no certificate', (data) => delete data['tls.crt'], 'the Secret default/cert has no tls.crt'],
  ['no key', (data) => delete data['tls.key'], 'the Secret default/cert has no tls.key'],
  [
    'something else in it',
    (data) => (data['tls.crt'] = 'aGVsbG8='),
    'the certificate and key in the Secret default/cert cannot be used, or do not fit',
  ],
])('a Secret with %s is told in words', async (_, change, words) => {
  const secret = await secretFor(['a']);
  change(secret.data as Record<string, string>);
  expect(certificateOf(secret)).toEqual({ words });
});

test('a key of another certificate is told in words, without what it is', async () => {
  const [one, other] = [await secretFor(['a']), await secretFor(['b'])];
  const data = { ...one.data, 'tls.key': other.data?.['tls.key'] ?? '' };
  expect(certificateOf({ ...one, data })).toMatchObject({ words: expect.stringContaining('do not fit') });
});

interface Called {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: string;
  readonly rst: number | undefined;
}

async function finished(stream: ClientHttp2Stream): Promise<Called> {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  let body = '';
  stream.on('response', (got) => (headers = got));
  stream.on('trailers', (got) => (trailers = got));
  stream.on('data', (chunk: Buffer) => (body += String(chunk)));
  stream.on('error', () => undefined);
  if (!stream.closed || !stream.destroyed) await new Promise<void>((resolve) => stream.once('close', resolve));
  return { headers, trailers, body, rst: stream.rstCode };
}

async function call(headers: Record<string, string>, body = '', url = stage.url): Promise<Called> {
  const session = connectHttp2(url, { rejectUnauthorized: false });
  const stream = session.request({ ':authority': 'shop.example.com', ':method': body ? 'POST' : 'GET', ...headers });
  if (body) stream.end(body);
  const called = await finished(stream);
  session.close();
  return called;
}

describe('HTTP/2', () => {
  test('is spoken over TLS, and without where a client knows that', async () => {
    const backend = stage.backend('web', [await stage.pod()]);
    await stage.serve([to(backend)]);
    expect(await call({ ':path': '/a' })).toMatchObject({
      headers: { ':status': 200 },
      body: expect.stringContaining('"url":"/a"'),
    });
    stage.engine.serve('test', new Map());
    await stage.serve([to(backend)], await tableOf('a.example.com'));
    const called = await call({ ':path': '/b' }, 'hello', `https://${stage.host}:${PORT}`);
    expect(called).toMatchObject({ headers: { ':status': 200 }, body: expect.stringContaining('"body":"hello"') });
    expect(stage.asked.at(-1)?.headers).toMatchObject({ host: 'shop.example.com', 'x-forwarded-proto': 'https' });
  });

  test('with two hosts is refused', async () => {
    await stage.serve([to(stage.backend('web', [await stage.pod()]))]);
    expect(await call({ ':path': '/', host: 'other' })).toMatchObject({ headers: { ':status': 400 } });
    expect(stage.asked).toEqual([]);
  });

  test.each([
    ['a path that is none', { ':path': 'a' }],
    ['a host that is none', { ':path': '/', ':authority': 'a b' }],
  ])('with %s is reset', async (_, headers) => {
    await stage.serve([to(stage.backend('web', [await stage.pod()]))]);
    expect(await call(headers)).toMatchObject({ rst: constants.NGHTTP2_PROTOCOL_ERROR });
    expect(stage.asked).toEqual([]);
  });

  test('tells that an answer is not whole', async () => {
    const pod = await stage.pod((_, response) => {
      response.writeHead(200).write('half');
      setImmediate(() => response.destroy());
    });
    await stage.serve([to(stage.backend('web', [pod]))]);
    expect(await call({ ':path': '/' })).toMatchObject({ body: 'half', rst: constants.NGHTTP2_INTERNAL_ERROR });
  });

  test('an upload that is broken off does not reach a backend as a whole one', async () => {
    const ended: string[] = [];
    const pod = await stage.pod((request) => {
      request.on('end', () => ended.push('whole')).on('error', () => ended.push('broken'));
      request.resume();
    });
    await stage.serve([to(stage.backend('web', [pod]))]);
    const session = connectHttp2(stage.url);
    const stream = session.request({ ':method': 'POST', ':path': '/', ':authority': 'a' });
    stream.on('error', () => undefined);
    stream.write('half');
    await expect.poll(() => stage.engine.requests).toBe(1);
    setImmediate(() => stream.destroy(new Error('gone')));
    await expect.poll(() => ended).toEqual(['broken']);
    session.close();
  });

  test('carries cookies as one, and answers with all of them', async () => {
    let cookies: string | undefined;
    const pod = await stage.pod((request, response) => {
      cookies = request.headers.cookie;
      response.setHeader('set-cookie', ['a=1', 'b=2']).end();
    });
    await stage.serve([to(stage.backend('web', [pod]))]);
    const { headers } = await call({ ':path': '/', cookie: 'x=1; y=2' });
    expect(cookies).toBe('x=1; y=2');
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });
});

describe('gRPC', () => {
  const servers: ReturnType<typeof createHttp2>[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  async function grpcPod(answer: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void): Promise<string> {
    const address = stage.address();
    const server = createHttp2().on('stream', answer);
    server.listen(PORT, address.replace(/^10\./, '127.'));
    await once(server, 'listening');
    servers.push(server);
    return address;
  }
  const echo = (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': 'fine' }));
    stream.pipe(stream);
  };
  const GRPC = { ':path': '/shop.Cart/Add', 'content-type': 'application/grpc', te: 'trailers' };

  test('is carried with its trailers', async () => {
    let seen: IncomingHttpHeaders = {};
    const pod = await grpcPod((stream, headers) => {
      seen = headers;
      echo(stream);
    });
    await stage.serve([to(stage.backend('cart', [pod], 'GRPC'))]);
    expect(await call(GRPC, 'message')).toEqual({
      headers: expect.objectContaining({ ':status': 200, 'content-type': 'application/grpc' }),
      trailers: expect.objectContaining({ 'grpc-status': '0', 'grpc-message': 'fine' }),
      body: 'message',
      rst: constants.NGHTTP2_NO_ERROR,
    });
    expect(seen).toMatchObject({ ':authority': 'shop.example.com', te: 'trailers', 'x-real-ip': '127.0.0.1' });
  });

  test('goes both ways at the same time', async () => {
    await stage.serve([to(stage.backend('cart', [await grpcPod(echo)], 'GRPC'))]);
    const session = connectHttp2(stage.url);
    const stream = session.request({ ':method': 'POST', ':authority': 'a', ...GRPC });
    for (const piece of ['one', 'two', 'three']) {
      stream.write(piece);
      expect(String((await once(stream, 'data'))[0])).toBe(piece);
    }
    stream.end();
    expect(await finished(stream)).toMatchObject({ trailers: { 'grpc-status': '0' } });
    session.close();
  });

  test('is told at once where a call has failed', async () => {
    const pod = await grpcPod((stream) =>
      stream.respond({ ':status': 200, 'grpc-status': '5', 'content-type': 'application/grpc' }, { endStream: true }),
    );
    await stage.serve([to(stage.backend('cart', [pod], 'GRPC'))]);
    const session = connectHttp2(stage.url);
    const stream = session.request({ ':method': 'POST', ':authority': 'a', ...GRPC });
    stream.end('x');
    const [headers, flags] = (await once(stream, 'response')) as [IncomingHttpHeaders, number];
    expect(headers).toMatchObject({ 'grpc-status': '5' });
    expect(flags & constants.NGHTTP2_FLAG_END_STREAM).not.toBe(0);
    session.close();
  });

  test('is reset where the endpoint resets it, and the endpoint hears of a client who leaves', async () => {
    let left = false;
    const pod = await grpcPod((stream, headers) => {
      stream.on('error', () => undefined).on('close', () => (left = true));
      stream.respond({ ':status': 200 });
      stream.write('a');
      if (headers[':path'] === '/reset') setImmediate(() => stream.destroy(new Error('reset')));
    });
    await stage.serve([to(stage.backend('cart', [pod], 'GRPC'))]);
    expect((await call({ ...GRPC, ':path': '/reset' }, 'x')).rst).not.toBe(constants.NGHTTP2_NO_ERROR);
    left = false;
    const session = connectHttp2(stage.url);
    const stream = session.request({ ':method': 'POST', ':authority': 'a', ...GRPC });
    stream.on('error', () => undefined);
    await once(stream, 'data');
    setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
    await expect.poll(() => left).toBe(true);
    session.close();
  });

  test('is carried past an endpoint that refuses, and is told in its own words where all do', async () => {
    await stage.serve([to(stage.backend('cart', [stage.address(), await grpcPod(echo)], 'GRPC'))]);
    for (const message of ['a', 'b']) expect(await call(GRPC, message)).toMatchObject({ body: message });
    stage.backend('cart', [stage.address()], 'GRPC');
    expect(await call(GRPC, 'c')).toMatchObject({
      headers: {
        ':status': 200,
        'grpc-status': '14',
        'grpc-message': expect.stringContaining('could%20not%20be%20reached'),
      },
    });
  });

  test('over TLS', async () => {
    const { cert, key } = await certificateFor('cart');
    const address = stage.address();
    const server = createSecureServer({ cert, key }).on('stream', echo);
    server.listen(PORT, address.replace(/^10\./, '127.'));
    await once(server, 'listening');
    await stage.serve([to(stage.backend('cart', [address], 'GRPCS'))]);
    expect(await call(GRPC, 'secret')).toMatchObject({ body: 'secret', trailers: { 'grpc-status': '0' } });
    server.close();
  });
});

test('an endpoint may be asked over TLS', async () => {
  const { cert, key } = await certificateFor('web');
  const address = stage.address();
  let name: string | false | null = '';
  const server = createHttps({ cert, key }, (request, response) => {
    name = (request.socket as TLSSocket & { readonly servername?: string }).servername ?? '';
    response.end('secure');
  });
  await stage.listen(server as never, address);
  await stage.serve([to(stage.backend('web', [address], 'HTTPS'))]);
  for (let turn = 0; turn < 2; turn += 1) expect(await call({ ':path': '/' })).toMatchObject({ body: 'secure' });
  expect(name).toBe('web.default.svc');
});

interface Switched {
  readonly response: IncomingMessage;
  readonly socket: Socket | undefined;
  readonly head: Buffer | undefined;
}

describe('a WebSocket', () => {
  const upgrade = async (path = '/', protocol = 'websocket') => {
    const request = httpRequest(stage.url + path, {
      headers: { connection: 'Upgrade', upgrade: protocol, 'sec-websocket-key': 'a', host: 'a' },
      agent: false,
    }).end();
    return await Promise.race([
      once(request, 'upgrade').then(([response, socket, head]) => ({ response, socket, head }) as Switched),
      once(request, 'response').then(([response]) => ({ response, socket: undefined, head: undefined }) as Switched),
    ]);
  };
  async function switchingPod(): Promise<string> {
    const address = await stage.pod((_, response) => void response.writeHead(403, { 'x-why': 'no' }).end('not here'));
    const server = stage.newest;
    server?.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      if (request.url === '/refused')
        return void socket.end('HTTP/1.1 403 Forbidden\r\nx-why: no\r\ncontent-length: 8\r\n\r\nnot here');
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: b\r\n\r\nhello',
      );
      socket.pipe(socket);
    });
    return address;
  }

  test('is carried both ways', async () => {
    await stage.serve([to(stage.backend('chat', [stage.address(), await switchingPod()]))]);
    const { response, socket, head } = await upgrade();
    expect(response.statusCode).toBe(101);
    expect(response.headers).toMatchObject({ upgrade: 'websocket', 'sec-websocket-accept': 'b' });
    let text = String(head);
    socket?.on('data', (chunk: Buffer) => (text += String(chunk)));
    socket?.write('ping');
    await expect.poll(() => text).toBe('helloping');
    socket?.destroy();
    await expect.poll(() => stage.reports[0]?.answer.status).toBe(101);
  });

  test('that an endpoint refuses is answered as it says', async () => {
    await stage.serve([to(stage.backend('chat', [await switchingPod()]))]);
    const { response } = await upgrade('/refused');
    expect([response.statusCode, response.headers['x-why']]).toEqual([403, 'no']);
  });

  test('ends where nobody says anything', async () => {
    const timeouts = { connect: 1_000, read: 100, send: 100, whole: 0, attempt: 0 };
    await stage.serve([to(stage.backend('chat', [await switchingPod()]), { timeouts })]);
    const { socket } = await upgrade();
    socket?.resume();
    await once(socket as Socket, 'close');
  });

  test('any other protocol is not switched to, and the request answered as it is', async () => {
    await stage.serve([to(stage.backend('web', [await stage.pod()]))]);
    const { response } = await upgrade('/plain', 'h2c');
    expect(response.statusCode).toBe(200);
    expect(stage.asked[0]).toMatchObject({ url: '/plain' });
    expect(stage.asked[0]?.headers).not.toHaveProperty('upgrade');
  });
});

test('a port that is not wanted any more takes no new clients, and ends those it has when they are served', async () => {
  let answer: (() => void) | undefined;
  const pod = await stage.pod((_, response) => void (answer = () => response.end('late')));
  await stage.serve([to(stage.backend('web', [pod]))]);
  const request = httpRequest(stage.url, { agent: false }).end();
  await expect.poll(() => answer).toBeDefined();
  stage.engine.serve('test', new Map());
  await expect(once(connectTcp(PORT, stage.host), 'connect')).rejects.toThrow('ECONNREFUSED');
  answer?.();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
});
