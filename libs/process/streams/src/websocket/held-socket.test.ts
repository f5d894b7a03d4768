import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type HeldSocket, HeldSocketServer, MOST_OWED } from './held-socket.js';

const server = createServer();
afterEach(() => void server.close());

const MESSAGE = Buffer.alloc(64 * 1024, 'x');
/** More than this machine keeps on the way between two of its sockets. */
const MANY = 800;

test('who leaves answers lying is not listened to until they are read', async () => {
  const sockets = new HeldSocketServer({ server });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [accepted] = (await once(sockets, 'connection')) as [HeldSocket];
  accepted.on('message', (data: Buffer) => accepted.send(data));
  await once(client, 'open');
  client.pause();
  for (let sent = 0; sent < MANY; sent += 1) client.send(MESSAGE);
  await expect.poll(() => accepted.isPaused, { timeout: 30_000 }).toBe(true);
  expect(accepted.bufferedAmount).toBeLessThan(MOST_OWED + 4 * MESSAGE.length);
  let heard = 0;
  client.on('message', (data: Buffer) => (heard += data.length));
  client.resume();
  await expect.poll(() => heard, { timeout: 30_000 }).toBe(MANY * MESSAGE.length);
  client.terminate();
  sockets.close();
});
