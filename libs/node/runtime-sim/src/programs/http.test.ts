import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { whoami } from './whoami.js';
import { SharedHttpServer } from './http.js';
import type { Process } from './program.js';

let server: Server;
afterEach(() => server.close());

async function listen(handler: (socket: Socket) => void): Promise<void> {
  server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
}

async function ask(path: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: pod\r\nconnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += chunk as string;
  return text.split('\r\n')[0] ?? '';
}

// One process carries all simulated nodes: an exception nobody catches would end every one of them.
test('a path that is none is refused', async () => {
  const config = { command: [], args: [], ports: [] };
  const process = { config, log: () => undefined, listenUdp: async () => undefined, identity: { hostname: 'h' } };
  await whoami({ ...process, listenTcp: (_: number, accept: never) => listen(accept) } as unknown as Process);
  expect(await ask('//')).toBe('HTTP/1.1 400 Bad Request');
  expect(await ask('/hostname')).toBe('HTTP/1.1 200 OK');
});

test('a handler that fails ends its own connection alone', async () => {
  const shared = new SharedHttpServer((_, { url }, response) => {
    if (url === '/bad') throw new Error('bad');
    response.end('good');
  });
  await listen((socket) => shared.accept({} as Process, socket));
  expect(await ask('/bad')).toBe('');
  expect(await ask('/good')).toBe('HTTP/1.1 200 OK');
});
