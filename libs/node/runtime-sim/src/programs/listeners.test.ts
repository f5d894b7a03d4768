import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { Listeners } from './listeners.js';

test('a container listens at so many ports and no more, until it has ended', async () => {
  const place = () => ({ host: '127.0.0.1', port: 0 });
  const listeners = new Listeners({ place, hold: () => () => undefined }, 2);
  const tcp = () => listeners.tcp('10.0.0.1', 80, (socket) => socket.destroy());
  const udp = () => listeners.udp('10.0.0.1', 80, () => undefined);
  await tcp();
  await udp();
  await expect(tcp()).rejects.toThrow('too many open files');
  await expect(udp()).rejects.toThrow('too many open files');
  listeners.close();
  await tcp();
  listeners.close();
});

test('what a program throws at a connection or a datagram ends nothing else', async () => {
  const { address, port } = await freePlace();
  const listeners = new Listeners({ place: () => ({ host: address, port }), hold: () => () => undefined });
  const fail = (): never => {
    throw new Error('bad');
  };
  await listeners.tcp('10.0.0.1', 80, fail);
  for (let times = 0; times < 2; times += 1) await once(connect(port, address).resume(), 'close');
  const heard: string[] = [];
  await listeners.udp('10.0.0.1', 80, (message) => {
    heard.push(message.toString());
    fail();
  });
  const socket = createSocket('udp4');
  await expect
    .poll(
      () => {
        socket.send('hello', port, address);
        return heard.length;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(1);
  socket.close();
  listeners.close();
});

/** Where nobody listens, by TCP or by UDP. */
async function freePlace(): Promise<{ address: string; port: number }> {
  const socket = createSocket('udp4');
  socket.bind({ address: '127.77.7.7', port: 0 });
  await once(socket, 'listening');
  const { address, port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return { address, port };
}
