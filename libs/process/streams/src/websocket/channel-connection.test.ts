import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MOST_BUFFERED } from '../carrier/carried-stream.js';
import { UpgradeServer } from '../sessions/suite/upgrade-server.js';
import { acceptWebSocket } from './accept-websocket.js';
import { ChannelConnection } from './channel-connection.js';

let server: UpgradeServer;
let connections: ChannelConnection[];

beforeEach(async () => {
  connections = [];
  server = await UpgradeServer.start(async (upgrade, query) => {
    const socket = await acceptWebSocket(upgrade, 'x');
    const base64 = query.has('base64');
    if (socket)
      connections.push(new ChannelConnection(socket, { channels: ['read', 'both', 'write'], base64, closes: !base64 }));
  });
});
afterEach(() => server.close());

async function connect(path = '/') {
  const socket = await server.webSocket(path, 'x');
  await expect.poll(() => connections.length).toBeGreaterThan(0);
  const connection = connections.pop();
  if (!connection) throw new Error('nobody has connected');
  socket.resume();
  return { socket, connection };
}

describe('channels of a WebSocket', () => {
  test('end by themselves, or with the connection', async () => {
    const { socket, connection } = await connect();
    const said = [text(connection.streams[0] ?? process.stdin), text(connection.streams[1] ?? process.stdin)];
    for (const message of ['\0one', '\x01two', '\0more', '\x07nowhere']) socket.send(Buffer.from(message));
    socket.send(Buffer.from([255, 0]));
    socket.send(Buffer.from([255, 1]));
    expect(await Promise.all(said)).toEqual(['onemore', 'two']);
    socket.close();
    await connection.ended;
  });

  test('that nobody reads hold the sender back', async () => {
    const { socket, connection } = await connect();
    const message = Buffer.alloc(64 * 1024);
    for (let sent = 0; sent < 200; sent += 1) socket.send(message);
    await expect.poll(() => connection.streams[0]?.isFull).toBe(true);
    expect(connection.streams[0]?.readableLength).toBeLessThan(2 * MOST_BUFFERED);
    connection.streams[0]?.resume();
    await expect.poll(() => socket.bufferedAmount).toBe(0);
    connection.destroy();
    await once(socket, 'close');
  });

  test('survive whatever comes', async () => {
    const messages = fc.array(fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.string({ maxLength: 20 })), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(messages, fc.boolean(), async (list, base64) => {
        const { socket, connection } = await connect(base64 ? '/?base64' : '/');
        for (const stream of connection.streams) stream.resume();
        for (const message of list) socket.send(message);
        socket.close();
        await connection.ended;
      }),
      { numRuns: 50 },
    );
  });
});
