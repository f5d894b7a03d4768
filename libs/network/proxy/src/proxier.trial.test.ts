import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { service, slice } from './testing/builders.js';
import { Stage } from './testing/stage.js';
import type { TrialReport } from './trial-report.js';

let stage: Stage;
let port: number;
let servers: Server[];
const abort = new AbortController();

beforeEach(async () => {
  [stage, servers] = [new Stage(), []];
  port = await stage.freePort();
  const ports = [{ name: 'http', port, protocol: 'TCP' }];
  stage.services.set(service(stage.clusterIP, ports));
  stage.slices.set(slice([stage.endpoint(1)], ports));
  await vi.waitFor(() => expect(stage.proxier.openPorts).toBe(1));
});
afterEach(async () => {
  await stage.close();
  for (const server of servers) server.close();
});

const ctx = () => ({ clock: stage.clock, logger: silentLogger, signal: abort.signal });
const ask = (path = '/', servicePort = 'http'): Promise<TrialReport> =>
  stage.proxier.tryOut(ctx(), { service: 'default/web', servicePort, path });

async function serve(server: Server): Promise<void> {
  servers.push(server);
  server.listen(port, stage.podHost(1));
  await once(server, 'listening');
}
const answering = (listener: RequestListener) => serve(createHttp(listener));
const speaking = (listener: (socket: Socket) => void) =>
  serve(createServer((socket) => void listener(socket.on('error', () => undefined))));
/** Its port opens a moment after it is wanted. */
const eventually = (expected: object) => vi.waitFor(async () => expect(await ask()).toMatchObject(expected));

test('a request is led to an endpoint, which sees the Service as who asks', async () => {
  const seen: unknown[] = [];
  await answering(({ url, method, headers, socket }, response) => {
    seen.push([method, url, headers.host, socket.remoteAddress]);
    response.writeHead(201).end('hello');
  });
  await eventually({ answer: { status: 201 } });
  const report = await ask('/a?b=c');
  expect(report).toMatchObject({
    asked: { address: stage.clusterIP, port },
    endpoint: { address: `10.${stage.octet}.1.1`, port, node: 'w' },
    answer: { status: 201, text: 'hello', truncated: false },
  });
  const { connected = 0, reached = 0, answered = 0 } = report;
  expect(answered).toBeGreaterThanOrEqual(Math.max(connected, reached));
  expect(seen.at(-1)).toEqual(['GET', '/a?b=c', 'web.default', stage.serviceHost]);
  await vi.waitFor(() => expect(stage.proxier.connections?.size).toBe(0));
});

test('of a long answer the beginning is kept', async () => {
  await answering((_, response) => response.end('x'.repeat(100_000)));
  await eventually({ answer: { text: 'x'.repeat(2048), truncated: true } });
});

test('where no endpoint can be reached, that is where it ends', async () => {
  await eventually({ connected: expect.any(Number), failure: 'NoEndpoint' });
  expect(await ask()).not.toHaveProperty('endpoint');
});

test('an endpoint may hang up, or speak something else', async () => {
  let say = (socket: Socket): unknown => socket.end();
  await speaking((socket) => say(socket));
  await eventually({ failure: 'Closed', endpoint: { address: `10.${stage.octet}.1.1` } });
  say = (socket) => socket.end('+PONG\r\n');
  expect(await ask()).toMatchObject({ failure: 'NotHttp', endpoint: { port } });
});

test('an endpoint that says nothing is not waited for for ever', async () => {
  let sockets = 0;
  await speaking(() => (sockets += 1));
  await vi.waitFor(() => expect(stage.proxier.openPorts).toBe(1));
  const asked = ask();
  await vi.waitFor(() => expect(stage.proxier.connections?.size).toBe(1));
  stage.clock.step(4_500);
  expect(await asked).toMatchObject({ failure: 'NoAnswer', endpoint: { port } });
  expect(sockets).toBeGreaterThan(0);
});

test('only ports of the Service are asked that are open by its own address', async () => {
  const nowhere = { failure: 'NoAddress' };
  expect(await ask('/', 'other')).toEqual(nowhere);
  const elsewhere = { service: 'default/api', servicePort: 'http', path: '/' };
  expect(await stage.proxier.tryOut(ctx(), elsewhere)).toEqual(nowhere);
  stage.services.set(service(stage.clusterIP, [{ name: 'http', port, protocol: 'UDP' }]));
  await vi.waitFor(async () => expect(await ask()).toEqual(nowhere));
  await stage.stop();
  expect(await ask()).toEqual(nowhere);
  stage.start();
});
