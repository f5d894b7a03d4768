import { once } from 'node:events';
import { createServer as createHttpServer, get } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FakeClock } from '@binnacle/machinery-context';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LinkedSocket } from './linked-socket.js';
import { Meter } from './meter.js';
import type { Path } from './path.js';

const PATH: Path = { ...{ delay: 20, jitter: 0, loss: 0, seed: '' }, in: [], out: [] };
let clock: FakeClock;
let server: Server;
let port: number;
let path: Path;
let handler: (socket: LinkedSocket) => void;
let under: Socket | undefined;

beforeEach(async () => {
  [clock, path] = [new FakeClock(0), PATH];
  server = createServer((socket) => {
    under = socket;
    socket.on('error', () => socket.destroy());
    handler(new LinkedSocket(socket, path, 'a>b#1', clock));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  under?.destroy();
  server.close();
});

/** Steps until something is so, as time goes by. */
const passing = (what: () => boolean) =>
  expect
    .poll(
      () => {
        if (!what()) clock.step(50);
        return what();
      },
      { timeout: 20_000, interval: 5 },
    )
    .toBe(true);

describe('a connection over a way that takes its time', () => {
  test('brings what was sent after the handshake and the way, and answers after the way back', async () => {
    const heard: string[] = [];
    handler = (socket) =>
      socket.on('data', (chunk: Buffer) => {
        heard.push(`${clock.now()}`);
        socket.write(chunk);
      });
    const client = connect(port, '127.0.0.1');
    const answers: string[] = [];
    client.on('data', (chunk) => answers.push(`${chunk}`));
    client.write('ping');
    await expect.poll(() => under?.bytesRead).toBe(4);
    clock.step(59);
    expect(heard).toEqual([]);
    clock.step(1);
    expect(heard).toEqual(['60']);
    clock.step(20);
    await expect.poll(() => answers).toEqual(['ping']);
    client.destroy();
  });

  test('carries all of it in order, however much it is and however slowly it is read', async () => {
    path = { ...PATH, in: [new Meter(1e8)], out: [new Meter(1e8)], loss: 0.01, seed: 'x' };
    const whole = Buffer.alloc(2_000_000, 'abcdefg');
    handler = (socket) => socket.pipe(socket);
    const client = connect({ port, host: '127.0.0.1' });
    const chunks: Buffer[] = [];
    let ended = false;
    client.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', () => (ended = true));
    client.end(whole);
    await passing(() => ended);
    expect(Buffer.concat(chunks).equals(whole)).toBe(true);
  });

  test('holds so much of who sends and of who does not read, and no more', async () => {
    const held: LinkedSocket[] = [];
    handler = (socket) => void held.push(socket);
    const client = connect(port, '127.0.0.1').on('error', () => undefined);
    client.write(Buffer.alloc(64 * 1024 * 1024));
    await expect.poll(() => under?.isPaused()).toBe(true);
    expect(under?.bytesRead).toBeLessThan(2 * 1024 * 1024);
    client.destroy();
  });

  test('ends when the other side has gone, after what came before', async () => {
    const heard: string[] = [];
    let closed = false;
    handler = (socket) =>
      socket.on('data', (chunk: Buffer) => heard.push(`${chunk}`)).once('close', () => (closed = true));
    connect(port, '127.0.0.1').end('last words');
    await passing(() => closed);
    expect(heard).toEqual(['last words']);
    expect(under?.destroyed).toBe(true);
  });

  test('tells once that nothing came for so long, however often it is asked to', async () => {
    let socket: LinkedSocket | undefined;
    handler = (made) => (socket = made);
    const client = connect(port, '127.0.0.1');
    await expect.poll(() => socket).toBeDefined();
    let late = 0;
    for (let times = 0; times < 20; times += 1) socket?.setTimeout(1_000);
    socket?.on('timeout', () => (late += 1));
    under?.emit('timeout');
    expect([late, under?.listenerCount('timeout')]).toEqual([1, 1]);
    client.destroy();
  });

  test('is a socket to an HTTP server', async () => {
    const http = createHttpServer((request, response) =>
      response.end(`${request.socket.remoteAddress} ${request.url}`),
    );
    handler = (socket) => void http.emit('connection', socket as Duplex);
    let body = '';
    get(`http://127.0.0.1:${port}/x`, { agent: false }, (response) => response.on('data', (chunk) => (body += chunk)));
    await passing(() => body !== '');
    expect(body).toBe('127.0.0.1 /x');
  });
});
