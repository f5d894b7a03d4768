import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { FakeClock } from '@binnacle/machinery-context';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// What can be done to the server by who is not known yet or may do nothing, told by counting.

const MIB = 1024 * 1024;
const CONFIGS = '/api/v1/namespaces/default/configmaps';
const clock = new FakeClock();
let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory', ctx: { clock } });
});
afterAll(() => server.close());

type Who = Pick<TestApiServer['admin'], 'ca' | 'cert' | 'key'>;
const nobody = (): Who => ({ ca: server.authority.certificate });
const powerless = async (): Promise<Who> => server.configFor('powerless');

async function dial(who: Who): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.url).port), ...who });
  await once(socket, 'secureConnect');
  return socket.on('error', () => undefined);
}

const head = (path: string, headers: string) =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${headers}\r\n`;

async function until(socket: TLSSocket, wanted: RegExp): Promise<string> {
  let text = '';
  while (!wanted.test(text)) text += String(((await once(socket, 'data')) as [Buffer])[0]);
  return text;
}

const codeOf = (text: string) => Number(/^HTTP\/1.1 (\d+)/m.exec(text)?.[1]);

describe('of who may not write anything no body is read', () => {
  test.each([
    ['nobody', 401, async () => nobody()],
    ['who has no rights', 403, powerless],
  ])('%s: %i before the body', async (_who, code, who) => {
    const socket = await dial(await who());
    socket.write(head(CONFIGS, `content-length: ${3_000_000}\r\n`));
    expect(codeOf(await until(socket, /\}\n$/))).toBe(code);
    expect(server.parts.bodies.bytes).toBe(0);
    socket.destroy();
  });

  test('nobody is read no further than a little, and told nevertheless', async () => {
    const socket = await dial(nobody());
    socket.write(head(CONFIGS, `content-length: ${15 * MIB}\r\n`));
    const sent = new Promise((resolve) => socket.write(Buffer.alloc(15 * MIB, 'x'), resolve));
    expect(codeOf(await until(socket, /\}\n$/))).toBe(401);
    expect(await sent).toBeInstanceOf(Error);
  });

  test('who waits for the word to send is not given it', async () => {
    const socket = await dial(await powerless());
    socket.write(head(CONFIGS, 'expect: 100-continue\r\ncontent-length: 1000\r\n'));
    expect(codeOf(await until(socket, /\}\n$/))).toBe(403);
    socket.destroy();
  });
});

test('who may write and waits for the word to send is given it once', async () => {
  const socket = await dial(server.admin);
  const body = JSON.stringify({ metadata: { name: 'awaited' } });
  socket.write(head(CONFIGS, `expect: 100-continue\r\ncontent-length: ${body.length}\r\n`));
  expect(await until(socket, /\r\n\r\n$/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write(body);
  expect(codeOf(await until(socket, /\}\n?$/))).toBe(201);
  socket.destroy();
});

test('what still comes of a body when its request is over is held by nobody', async () => {
  const socket = await dial(nobody());
  const body = 'x'.repeat(1000);
  socket.write(head('/auth/login?timeout=1s', `content-length: ${body.length}\r\n`));
  socket.write(body.slice(500));
  await expect.poll(() => server.parts.bodies.bytes).toBe(500);
  const closed = once(socket, 'close');
  clock.step(1000);
  expect(codeOf(await until(socket, /\}\n$/))).toBe(504);
  socket.write(body.slice(500));
  await closed;
  await expect.poll(() => server.parts.bodies.bytes).toBe(0);
});

describe('a body beyond the limit', () => {
  const large = Buffer.alloc(5 * MIB, 'x');

  const overHttp1 = async (headers: Record<string, string | number>) => {
    const { ca, cert, key } = server.admin;
    const call = request(new URL(CONFIGS, server.url), { method: 'POST', headers, ca, cert, key, agent: false });
    call.end(large);
    const [answer] = await once(call, 'response');
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return { status: answer.statusCode as number, text };
  };

  const overHttp2 = async (session: ClientHttp2Session, body: Buffer) => {
    const stream = session.request({ ':method': 'POST', ':path': CONFIGS, 'content-type': 'application/json' });
    stream.on('error', () => undefined).end(body);
    const [answered] = (await once(stream, 'response')) as [{ ':status': number }];
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return { status: answered[':status'], text };
  };

  test.each([
    ['of a length that is said', { 'content-length': large.length }],
    ['of a length that is not said', { 'transfer-encoding': 'chunked' }],
  ])('%s is answered so that its sender sees it', async (_what, headers) => {
    const { status, text } = await overHttp1({ 'content-type': 'application/json', ...headers });
    expect([status, JSON.parse(text).reason]).toEqual([413, 'RequestEntityTooLarge']);
    expect(server.parts.bodies.bytes).toBe(0);
  });

  test('over HTTP/2 too, and the connection goes on', async () => {
    const { ca, cert, key } = server.admin;
    const session = connectHttp2(server.url, { ca, cert, key });
    const { status, text } = await overHttp2(session, large);
    expect([status, JSON.parse(text).reason]).toEqual([413, 'RequestEntityTooLarge']);
    const after = await overHttp2(session, Buffer.from('{"metadata":{"name":"after"}}'));
    expect(after.status).toBe(201);
    session.destroy();
  });

  test('of who is not known is 8 KiB, wherever it goes', async () => {
    for (const path of ['/auth/login', '/version']) {
      const socket = await dial(nobody());
      socket.write(head(path, 'content-length: 8193\r\n'));
      expect([401, 413]).toContain(codeOf(await until(socket, /\}\n$/)));
      socket.destroy();
    }
  });
});

describe('bodies that are being read', () => {
  /** Opens requests that have sent all but the end of their bodies, and waits until so many bytes are held. */
  async function half(who: Who, count: number, bytes: number): Promise<TLSSocket[]> {
    const sockets = await Promise.all(Array.from({ length: count }, () => dial(who)));
    for (const socket of sockets) {
      socket.write(head(CONFIGS, `content-length: ${bytes + 1}\r\n`));
      socket.write(Buffer.alloc(bytes, ' '));
    }
    return sockets;
  }

  const answers = (sockets: readonly TLSSocket[]) =>
    Promise.all(sockets.map((socket) => until(socket, /\}\n$/).then(codeOf)));

  test('hold no more than their share, and nothing when they are over', async () => {
    const sockets = await half(server.admin, 12, 3_000_000);
    const refused = sockets.map((socket) => until(socket, /\}\n$/).then(codeOf));
    expect(await Promise.any(refused)).toBe(429);
    expect(server.parts.bodies.bytes).toBeLessThanOrEqual(16 * MIB);
    for (const socket of sockets) socket.destroy();
    while (server.parts.lives.count > 0) await new Promise(setImmediate);
    expect(server.parts.bodies.bytes).toBe(0);
  });

  test('are given up when they do not come', async () => {
    const sockets = await half(server.admin, 3, 1000);
    while (server.parts.bodies.bytes < 3000) await new Promise(setImmediate);
    clock.step(30_000);
    expect(await answers(sockets)).toEqual([408, 408, 408]);
    for (const socket of sockets) socket.destroy();
  });
});

describe('fields nobody knows', () => {
  const many = Object.fromEntries(Array.from({ length: 12_000 }, (_, at) => [`字段${at}`, at]));

  test.each(['application/json', 'application/yaml'])('12,000 of them as %s make few warnings', async (type) => {
    const body = JSON.stringify({ metadata: { name: type.slice(12) }, ...many });
    const { status, headers } = await server.raw.call(CONFIGS, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(status).toBe(201);
    expect(String(headers.warning).length).toBeLessThan(10_000);
  });

  test('of any script are told as they are, over HTTP/2 too', async () => {
    const { ca, cert, key } = server.admin;
    const session = connectHttp2(server.url, { ca, cert, key });
    const body = JSON.stringify({ metadata: { name: 'chinese' }, 名字: 'x' });
    const over1 = await server.raw.call(`${CONFIGS}?dryRun=All`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const stream = session.request({
      ':method': 'POST',
      ':path': `${CONFIGS}?dryRun=All`,
      'content-type': 'application/json',
    });
    stream.end(body);
    const [answered] = (await once(stream, 'response')) as [Record<string, string>];
    session.destroy();
    for (const warning of [over1.headers.warning, answered.warning]) {
      expect(Buffer.from(String(warning), 'latin1').toString()).toBe('299 - "unknown field \\"名字\\""');
    }
  });
});

test('handshakes that are left unfinished hold up the next for 100 ms', async () => {
  const hello = await clientHello();
  const left = Array.from({ length: 16 }, () => connectTcp(Number(new URL(server.url).port), '127.0.0.1'));
  for (const socket of left) socket.write(hello);
  await Promise.all(left.map((socket) => once(socket, 'data')));
  let dialled: TLSSocket | undefined;
  const dialling = dial(nobody()).then((socket) => (dialled = socket));
  // Of another connection, which is there already, requests are answered all the while.
  expect((await server.raw.call('/livez')).status).toBe(200);
  expect(dialled).toBeUndefined();
  clock.step(100);
  (await dialling).destroy();
  for (const socket of left) socket.destroy();
});

/** The first that a client says, as it was heard by who does not answer. */
async function clientHello(): Promise<Buffer> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const client = connect({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port, ...nobody() });
  client.on('error', () => undefined);
  const [heard] = (await once(listener, 'connection')) as [Socket];
  const [bytes] = (await once(heard, 'data')) as [Buffer];
  client.destroy();
  listener.close();
  return bytes;
}
