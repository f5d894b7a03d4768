import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type Context, FakeClock } from '@binnacle/machinery-context';
import { type ListOptions, MemoryStorage, type Scope } from '@binnacle/server-storage';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

/** A store whose lists of ConfigMaps wait for a word, and tell who asked for them. */
class SlowStorage extends MemoryStorage {
  readonly asked: Context[] = [];
  readonly waiting: (() => void)[] = [];
  private readonly heard: (() => void)[] = [];

  override async list(ctx: Context, scope: Scope, options: ListOptions) {
    if (scope.resource !== 'configmaps') return super.list(ctx, scope, options);
    this.asked.push(ctx);
    for (const hear of this.heard.splice(0)) hear();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return super.list(ctx, scope, options);
  }

  async until(count: number): Promise<readonly AbortSignal[]> {
    while (this.asked.length < count) await new Promise<void>((resolve) => this.heard.push(resolve));
    return this.asked.map(({ signal }) => signal);
  }
}

const CONFIGS = '/api/v1/namespaces/default/configmaps';
const clock = new FakeClock();
let storage: SlowStorage;
let server: TestApiServer;

beforeAll(async () => {
  storage = new SlowStorage();
  server = await startTestApiServer({ storage, ctx: { clock } });
});
afterAll(() => server.close());
beforeEach(() => {
  for (const proceed of storage.waiting.splice(0)) proceed();
  storage.asked.length = 0;
});

const ended = async (signal: AbortSignal | undefined): Promise<number> => {
  if (signal && !signal.aborted) await once(signal, 'abort');
  return (signal?.reason as { code: number }).code;
};

async function dial(): Promise<TLSSocket> {
  const { ca, cert, key } = server.admin;
  const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(server.url).port), ca, cert, key });
  await once(socket, 'secureConnect');
  return socket.on('error', () => undefined);
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;

test('a request ends with its connection, those that wait behind it too', async () => {
  const socket = await dial();
  socket.write(get(CONFIGS) + get(`${CONFIGS}?limit=1`));
  const signals = await storage.until(2);
  socket.destroy();
  expect(await Promise.all(signals.map(ended))).toEqual([499, 499]);
});

test('a request over HTTP/2 ends with its stream, and the others of its connection go on', async () => {
  const { ca, cert, key } = server.admin;
  const session = connectHttp2(server.url, { ca, cert, key });
  const streams = [session.request({ ':path': CONFIGS }), session.request({ ':path': CONFIGS })];
  const signals = await storage.until(2);
  streams[0]?.close(constants.NGHTTP2_CANCEL);
  expect(await Promise.race(signals.map(ended))).toBe(499);
  expect(signals.filter(({ aborted }) => aborted)).toHaveLength(1);
  for (const proceed of storage.waiting.splice(0)) proceed();
  const [headers] = (await once(streams[1] as NonNullable<(typeof streams)[1]>, 'response')) as [{ ':status': number }];
  expect(headers[':status']).toBe(200);
  session.destroy();
});

test.each([
  ['', 60_000],
  ['?timeout=5s', 5_000],
  ['?timeout=2h', 60_000],
])('a request %j is told after %s ms that its time is up, and works no more', async (query, milliseconds) => {
  const answer = server.raw.call(`${CONFIGS}${query}`);
  const [signal] = await storage.until(1);
  clock.step(milliseconds - 1);
  expect(signal?.aborted).toBe(false);
  clock.step(1);
  const { status, json } = await answer;
  expect({ status, reason: json.reason, message: json.message }).toEqual({
    status: 504,
    reason: 'Timeout',
    message: 'Timeout: request did not complete within the allotted timeout',
  });
  expect(signal?.aborted).toBe(true);
});

test('a timeout that is no duration is refused', async () => {
  const { status, json } = await server.raw.call(`${CONFIGS}?timeout=soon`);
  expect([status, json.message]).toEqual([
    400,
    'invalid timeout specified in the request URL - time: invalid duration "soon"',
  ]);
});

test('requests that are over leave no life behind, and those whose clients left are counted', async () => {
  await server.raw.call('/api/v1/namespaces');
  expect(server.parts.lives.count).toBe(0);
  const { text } = await server.raw.call('/metrics');
  expect(text).toMatch(/apiserver_request_total\{verb="LIST",.*resource="configmaps",.*code="499"\} 3/);
});

test('a kubelet is asked no longer than somebody waits for the log', async () => {
  const { certificate: cert, key } = await server.authority.issue({
    commonName: 'system:node:a',
    organizations: ['system:nodes'],
    hosts: ['127.0.0.1'],
  });
  const kubelet = createServer({ cert, key }).listen(0, '127.0.0.1');
  await once(kubelet, 'listening');
  const { port: Port } = kubelet.address() as AddressInfo;
  const node = { metadata: { name: 'n' } };
  await server.raw.call('/api/v1/nodes', { method: 'POST', body: node });
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port } },
  };
  await server.raw.call('/api/v1/nodes/n/status', { method: 'PUT', body: { ...node, status } });
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] };
  const pods = '/api/v1/namespaces/default/pods';
  await server.raw.call(pods, { method: 'POST', body: { metadata: { name: 'p' }, spec } });
  const socket = await dial();
  socket.write(get(`${pods}/p/log?follow=true`));
  const [asked] = (await once(kubelet, 'request')) as [{ socket: TLSSocket }];
  socket.destroy();
  await once(asked.socket, 'close');
  kubelet.close();
});
