import 'reflect-metadata';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveModule } from './live.js';

let server: TestApiServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory', modules: (ctx, parts) => [liveModule(ctx, parts)] });
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.close();
});

interface Snapshot {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

test.each(['websocket', 'polling'])('a client certificate is believed (%s)', async (transport) => {
  const { ca, cert, key } = await server.configFor('somebody', ['system:masters']);
  const socket = io(server.url, {
    transports: [transport],
    ca,
    cert,
    key,
    reconnection: false,
    forceNew: true,
  } as object);
  sockets.push(socket);
  await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('connect_error', reject);
  });
  const snapshot = new Promise<Snapshot>((resolve) => socket.once('snapshot', resolve));
  const query = { id: '1', cluster: 'main', version: 'v1', resource: 'namespaces' };
  expect(await socket.emitWithAck('subscribe', query)).toEqual({ ok: true });
  expect((await snapshot).items.map(({ metadata }) => metadata.name)).toContain('default');
});
