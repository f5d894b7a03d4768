import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { FakeClock } from '@binnacle/machinery-context';
import { afterEach, expect, test } from 'vitest';
import { ConnectionDoor, connectionLimits, guardConnections } from './connection-door.js';

const clock = new FakeClock();
const clients: Socket[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.destroy()));

async function serverWith(door: ConnectionDoor) {
  const greeted: Socket[] = [];
  const server = createServer((socket) => {
    greeted.push(socket);
    socket.resume().end('hello');
  });
  guardConnections(server, door);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connect = (says = 'hello') => {
    const client = new Socket().on('error', () => undefined).connect(port, '127.0.0.1');
    clients.push(client);
    if (says) client.write(says);
    client.resume();
    return client;
  };
  return { server, greeted, connect };
}

test('many that come at once are all let in, and forgotten when they have gone', async () => {
  const door = new ConnectionDoor({ inAll: 100, each: 100 }, clock);
  const { server, greeted, connect } = await serverWith(door);
  await Promise.all(Array.from({ length: 60 }, () => once(connect(), 'close')));
  expect(greeted).toHaveLength(60);
  await expect.poll(() => door.count, { interval: 5 }).toBe(0);
  server.close();
});

test('of one address there are no more than its part, until one goes', async () => {
  const door = new ConnectionDoor({ inAll: 4, each: 2 }, clock);
  const { server, greeted, connect } = await serverWith(door);
  server.removeAllListeners('connection');
  server.on('connection', (socket) => door.enter(socket, () => greeted.push(socket.resume())));
  const [first] = [connect(), connect()];
  await expect.poll(() => greeted.length, { interval: 5 }).toBe(2);
  await once(connect(), 'close');
  expect([greeted.length, door.count]).toEqual([2, 2]);
  first?.destroy();
  await expect.poll(() => door.count, { interval: 5 }).toBe(1);
  connect();
  await expect.poll(() => greeted.length, { interval: 5 }).toBe(3);
  server.close();
});

test('who says nothing takes no turn, and is sent away after ten seconds', async () => {
  const door = new ConnectionDoor({ inAll: 100, each: 100 }, clock);
  const { server, greeted, connect } = await serverWith(door);
  const silent = Array.from({ length: 40 }, () => connect(''));
  await expect.poll(() => door.count, { interval: 5 }).toBe(40);
  await once(connect(), 'close');
  expect(greeted).toHaveLength(1);
  clock.step(10_000);
  await Promise.all(silent.map((client) => client.closed || once(client, 'close')));
  expect(greeted).toHaveLength(1);
  await expect.poll(() => door.count, { interval: 5 }).toBe(0);
  server.close();
});

test('who only looks whether the port is open is forgotten at once', async () => {
  const door = new ConnectionDoor({ inAll: 100, each: 100 }, clock);
  const { server, greeted, connect } = await serverWith(door);
  await once(connect('').end(), 'close');
  await expect.poll(() => door.count, { interval: 5 }).toBe(0);
  expect([greeted.length, clock.pending]).toEqual([0, 0]);
  server.close();
});

test.each([
  [1024, { inAll: 768, each: 384 }],
  [1_048_576, { inAll: 10_000, each: 5_000 }],
  [Number.POSITIVE_INFINITY, { inAll: 10_000, each: 5_000 }],
])('with %d open files', (files, limits) => {
  expect(connectionLimits(files)).toEqual(limits);
});
