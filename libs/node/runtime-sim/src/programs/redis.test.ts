import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Process } from './program.js';
import { redis, RedisData } from './redis.js';

const MIB = 1024 * 1024;
let server: Server;
let accepted: Socket | undefined;
beforeEach(async () => {
  const process = {
    config: { ports: [] },
    log: () => undefined,
    exit: () => undefined,
    listenTcp: async (_port: number, handler: (socket: Socket) => void) => {
      server = createServer((socket) => {
        accepted = socket.on('error', () => undefined);
        handler(socket);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    },
  };
  await redis([6379])(process as unknown as Process);
});
afterEach(() => server.close());

const dial = () => connect((server.address() as AddressInfo).port, '127.0.0.1');

async function told(socket: Socket, characters: number): Promise<string> {
  let text = '';
  while (text.length < characters) text += String(((await once(socket, 'data')) as [Buffer])[0]);
  return text;
}

test('holds so much and no more, and again what was deleted', () => {
  const data = new RedisData();
  const value = 'x'.repeat(MIB);
  for (let i = 0; i < 15; i += 1) expect(data.set(`${i}`, value)).toBe(true);
  expect(data.set('more', value)).toBe(false);
  expect(data.set('0', 'short')).toBe(true);
  expect([data.delete('1'), data.delete('1'), data.size]).toEqual([true, false, 14]);
  expect(data.set('more', value)).toBe(true);
});

test('who does not read its answers is not answered further, and is when it reads', async () => {
  const socket = dial();
  const length = MIB / 2;
  socket.write(`SET a ${'x'.repeat(length)}\r\n`);
  await told(socket, 5);
  socket.pause();
  socket.write('GET a\r\n'.repeat(200));
  await expect.poll(() => accepted?.isPaused()).toBe(true);
  expect(accepted?.writableLength).toBeLessThan(3 * MIB);
  socket.resume();
  await told(socket, 200 * length);
  socket.destroy();
});
