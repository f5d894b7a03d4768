import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiProxy, isApiPath } from './api-proxy.js';
import { runFrontDoor } from './front-door.js';
import { sendStatic, staticFile } from './static-files.js';

let upstream: Server;
let abort: AbortController;
let done: Promise<void>;
let base: string;
let upstreamPort: number;

const pages = {
  handle: async (_: unknown, response: { end(text: string): unknown }) => void response.end('a page'),
  close: () => Promise.resolve(),
};

async function startUpstream(): Promise<void> {
  upstream = createServer((incoming, response) => {
    if (incoming.url?.startsWith('/api/v1/endless')) {
      response.writeHead(200);
      response.write('begun');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    const { host, cookie, 'x-forwarded-host': forwarded } = incoming.headers;
    response.end(JSON.stringify({ url: incoming.url, host, cookie, forwarded }));
  });
  upstream.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
    socket.on('data', (data) => socket.write(data));
    socket.on('error', () => socket.destroy());
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  upstreamPort = (upstream.address() as AddressInfo).port;
}

beforeEach(async () => {
  await startUpstream();
  abort = new AbortController();
  const ctx = { signal: abort.signal, clock: new FakeClock(), logger: silentLogger };
  const proxy = new ApiProxy({ server: `http://127.0.0.1:${upstreamPort}` }, silentLogger);
  base = await new Promise<string>((resolve) => {
    done = runFrontDoor(ctx, proxy, pages, { host: '127.0.0.1', port: 0 }, (port) =>
      resolve(`http://127.0.0.1:${port}`),
    );
  });
});

afterEach(async () => {
  abort.abort();
  await done;
  upstream.close();
  upstream.closeAllConnections();
});

function upgrade(path: string): Promise<{ head: string; echo: (text: string) => Promise<string> }> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  const headers =
    'connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAA\r\n';
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`);
  return new Promise((resolve) => {
    socket.once('error', () => undefined);
    socket.once('close', () => resolve({ head: '', echo: () => Promise.resolve('') }));
    socket.once('data', (data) =>
      resolve({
        head: data.toString(),
        echo: async (text) => {
          socket.write(text);
          const [answer] = (await once(socket, 'data')) as [Buffer];
          socket.destroy();
          return answer.toString();
        },
      }),
    );
  });
}

test('a page for when nobody answers is at hand, with a worker that keeps it', async () => {
  const page = await fetch(`${base}/offline`);
  const text = await page.text();
  expect(text).toContain('cannot be reached');
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const [, inline = ''] of text.matchAll(/<(?:style|script)>([^]*?)<\/(?:style|script)>/g)) {
    expect(policy).toContain(`'sha256-${createHash('sha256').update(inline).digest('base64')}'`);
  }
  expect(policy).not.toContain('unsafe');
  const worker = await fetch(`${base}/offline-worker.js`);
  expect(worker.headers.get('content-type')).toContain('javascript');
  expect(await worker.text()).toContain("caches.match('/offline')");
  expect(await (await fetch(`${base}/offline/more`)).text()).toBe('a page');
});

describe('the front door', () => {
  test('hands API requests on as they are and serves pages for the rest', async () => {
    const answer = await fetch(`${base}/api/v1/pods?x=1`, {
      headers: { cookie: 'binnacle_session=a', 'x-forwarded-host': 'elsewhere' },
    });
    expect(await answer.json()).toEqual({
      url: '/api/v1/pods?x=1',
      host: new URL(base).host,
      cookie: 'binnacle_session=a',
      // Where the request came to, not where it says it did.
      forwarded: new URL(base).host,
    });
    expect(await (await fetch(`${base}/c/main/pods`)).text()).toBe('a page');
    expect(await (await fetch(`${base}/healthz/web`)).text()).toBe('ok');
  });

  test('says plainly that the API server is away', async () => {
    upstream.close();
    upstream.closeAllConnections();
    const answer = await fetch(`${base}/api/v1/pods`);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('x-binnacle-upstream')).toBe('unavailable');
    expect(await answer.json()).toMatchObject({ kind: 'Status', code: 502, reason: 'ServiceUnavailable' });
    expect((await fetch(`${base}/healthz/web`)).status).toBe(200);
    expect((await upgrade('/socket.io/?EIO=4')).head).toContain('502');
  });

  test('carries WebSockets for the API and refuses others', async () => {
    const socket = await upgrade('/socket.io/?EIO=4&transport=websocket');
    expect(socket.head).toContain('101');
    expect(await socket.echo('ping')).toBe('ping');
    expect((await upgrade('/c/main')).head).toBe('');
  });

  test('stops although an answer and a socket are still open', async () => {
    const endless = request(`${base}/api/v1/endless`);
    endless.on('error', () => undefined).end();
    await once(endless, 'response');
    await upgrade('/socket.io/');
    abort.abort();
    await done;
    await expect(fetch(`${base}/healthz/web`)).rejects.toThrow();
  });
});

test.each([
  ['/api', true],
  ['/apis/apps/v1', true],
  ['/api/v1/pods?watch=1', true],
  ['/socket.io/?EIO=4', true],
  ['/clusters/a/api', true],
  ['/healthz', true],
  ['/apiary', false],
  ['/c/main', false],
  ['/', false],
  ['/_next/static/x.js', false],
])('%s is the API server’s: %s', (path, isApi) => {
  expect(isApiPath(path)).toBe(isApi);
});

describe('static files', () => {
  test.each([
    ['/_next/static/chunks/a.js', '/built/chunks/a.js'],
    ['/_next/static/chunks/a%20b.js?v=1', '/built/chunks/a b.js'],
    ['/_next/static/../secret', undefined],
    ['/_next/static/%2e%2e/secret', undefined],
    ['/_next/static/%00', undefined],
    ['/_next/static/%zz', undefined],
    ['/other', undefined],
  ])('%s is %s', (url, file) => {
    expect(staticFile('/built', url)).toBe(file);
  });

  test('are sent with a lasting name, squeezed where that helps', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bn-static-'));
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'x.js'), 'const a = 1;'.repeat(50));
    const server = createServer((incoming, response) => {
      void sendStatic(join(folder, 'a', incoming.url ?? ''), incoming, response).then((sent) => {
        if (!sent) response.writeHead(404).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await fetch(`${at}/x.js`);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(await answer.text()).toContain('const a');
    expect((await fetch(`${at}/y.js`)).status).toBe(404);
    server.close();
    rmSync(folder, { recursive: true });
  });
});
