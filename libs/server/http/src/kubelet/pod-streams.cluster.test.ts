import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PODS = '/api/v1/namespaces/default/pods';
const EXEC = `${PODS}/p/exec?command=ls&stdout=true`;

type ClientConfig = TestApiServer['admin'];

let server: TestApiServer;
let kubelet: Server;
/** What the kubelet was asked, and the connections it has. */
let asked: IncomingMessage[];
let open: Set<Duplex>;

/** Echoes whatever is said; refuses `attach`. */
async function startKubelet(): Promise<Server> {
  const names = { commonName: 'system:node:n', organizations: ['system:nodes'], hosts: ['127.0.0.1'] };
  const { certificate: cert, key } = await server.authority.issue(names);
  const listening = createServer({ cert, key, ca: server.authority.certificate, requestCert: true });
  listening.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
    asked.push(incoming);
    socket.on('error', () => undefined);
    if (incoming.url?.startsWith('/attach')) return void socket.end('HTTP/1.1 500 x\r\ncontent-length: 4\r\n\r\nbusy');
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: SPDY/3.1\r\nconnection: Upgrade\r\n\r\n');
    socket.pipe(socket);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return listening;
}

async function send(method: string, path: string, body: object, type = 'application/json'): Promise<void> {
  const answer = await server.raw.call(path, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  if (answer.status >= 300) throw new Error(answer.text);
}

beforeAll(async () => {
  [asked, open] = [[], new Set()];
  server = await startTestApiServer({ storage: 'memory' });
  kubelet = await startKubelet();
  const { port } = kubelet.address() as AddressInfo;
  await send('POST', '/api/v1/nodes', { metadata: { name: 'n' } });
  const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
  const status = { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  await send('PATCH', '/api/v1/nodes/n/status', { status }, 'application/merge-patch+json');
  await send('POST', PODS, {
    metadata: { name: 'p' },
    spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] },
  });
});
afterAll(async () => {
  kubelet.close();
  await server.close();
});

/** Resolves with a refusal, or with the connection. */
async function upgrade(
  path: string,
  { ca, cert, key }: ClientConfig,
  more: Record<string, string> = {},
): Promise<Duplex | { status: number | undefined; body: string }> {
  const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', ...more };
  const call = request(`${server.url}${path}`, { method: 'POST', ca, cert, key, headers });
  const refused = once(call, 'response').then(async ([answer]) => ({
    status: answer.statusCode,
    body: await text(answer),
  }));
  const upgraded = once(call, 'upgrade').then(([, socket]) => socket as Duplex);
  for (const outcome of [refused, upgraded]) outcome.catch(() => undefined);
  call.end();
  return await Promise.race([refused, upgraded]);
}

async function connected(config: ClientConfig): Promise<Duplex> {
  const socket = await upgrade(EXEC, config, { cookie: 'a=b', 'x-own': 'kept' });
  if ('status' in socket) throw new Error(socket.body);
  return socket;
}

describe('a stream to a Pod', () => {
  test('goes through to its kubelet, which is told no more than it needs', async () => {
    const socket = await connected(server.admin);
    socket.write('hello');
    const [echoed] = (await once(socket, 'data')) as [Buffer];
    expect(echoed.toString()).toBe('hello');
    const [{ url, method, headers } = {} as IncomingMessage] = asked.splice(0);
    expect([method, url]).toEqual(['POST', '/exec/default/p/c?output=1&command=ls']);
    expect(Object.keys(headers).sort()).toEqual(['connection', 'content-length', 'host', 'upgrade']);
    socket.destroy();
    await expect.poll(() => open.size).toBe(0);
  });

  test('is for who may create it, and for nobody else', async () => {
    const editor = await server.configFor('e', ['binnacle:editors']);
    (await connected(editor)).destroy();
    const viewer = await server.configFor('v', ['binnacle:viewers']);
    const refused = (await upgrade(EXEC, viewer)) as { status: number; body: string };
    expect([refused.status, JSON.parse(refused.body).message]).toEqual([
      403,
      expect.stringContaining('User "v" cannot create resource "pods/exec"'),
    ]);
    const nobody = (await upgrade(EXEC, { server: server.url, ca: server.admin.ca })) as { status: number };
    expect(nobody.status).toBe(401);
  });

  test('is refused in the words of the kubelet', async () => {
    expect(await upgrade(`${PODS}/p/attach?stdout=1`, server.admin)).toEqual({ status: 500, body: 'busy' });
  });

  test.each([
    [`${PODS}/none/exec?command=ls`, 404],
    [`${PODS}/p/exec?container=none`, 400],
    [`${PODS}/p/nothing`, 404],
    ['/clusters/main@1/api/v1/namespaces/default/pods/p/exec?command=ls', 403],
  ])('%s is none: %i', async (path, status) => {
    expect(await upgrade(path, server.admin)).toMatchObject({ status });
  });

  test('ends with the server', async () => {
    const socket = await connected(server.admin);
    socket.resume();
    const closed = once(socket, 'close');
    server.parts.lives.stopStreams();
    await closed;
  });
});
