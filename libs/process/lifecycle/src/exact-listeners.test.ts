import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { ExactListeners } from './exact-listeners.js';

test('a socket at an address of its own is found, one that listens everywhere is not', async () => {
  const [own, everywhere] = [createServer(), createServer()];
  own.listen(0, '127.77.1.2');
  everywhere.listen(0, '0.0.0.0');
  const udp = createSocket('udp4').bind(0, '127.77.1.3');
  await Promise.all([own, everywhere, udp].map((each) => once(each, 'listening')));
  const port = (server: typeof own) => (server.address() as AddressInfo).port;
  const sockets = new ExactListeners(new FakeClock());
  expect(await sockets.has('tcp', '127.77.1.2', port(own))).toBe(true);
  expect(await sockets.has('tcp', '127.77.1.4', port(own))).toBe(false);
  expect(await sockets.has('tcp', '127.77.1.2', port(everywhere))).toBe(false);
  expect(await sockets.has('udp', '127.77.1.3', udp.address().port)).toBe(true);
  expect(await sockets.has('udp', '127.77.1.2', udp.address().port)).toBe(false);
  for (const each of [own, everywhere, udp]) each.close();
});

test('a UDP socket that is connected to another is none that waits for clients', async () => {
  const [pod, proxied] = [createSocket('udp4').bind(0, '127.77.1.5'), createSocket('udp4').bind(0, '127.77.1.6')];
  await Promise.all([pod, proxied].map((each) => once(each, 'listening')));
  const connected = once(proxied, 'connect');
  proxied.connect(pod.address().port, '127.77.1.5');
  await connected;
  const sockets = new ExactListeners(new FakeClock());
  expect(await sockets.has('udp', '127.77.1.5', pod.address().port)).toBe(true);
  expect(await sockets.has('udp', '127.77.1.6', proxied.address().port)).toBe(false);
  for (const each of [pod, proxied]) each.close();
});

test('the table is read as seldom as can be', async () => {
  const clock = new FakeClock();
  let reads = 0;
  const line = '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 \n';
  const sockets = new ExactListeners(clock, async function* read() {
    reads += 1;
    yield line.slice(0, 10);
    yield `${line.slice(10)}   1: 0200007F:1F90 0100007F:0001 01 0\n   2: 0300007F:1F90 00000000:0000 0A 0\n`;
  });
  const has = (host: string) => sockets.has('tcp', host, 8080);
  expect([await has('127.0.0.1'), await has('127.0.0.1'), reads]).toEqual([true, true, 1]);
  expect([await has('127.0.0.9'), reads]).toEqual([false, 2]);
  expect([await has('127.0.0.1'), reads]).toEqual([true, 2]);
  clock.step(1000);
  expect([await has('127.0.0.1'), reads]).toEqual([true, 3]);
  await Promise.all(Array.from({ length: 50 }, () => has('127.0.0.9')));
  expect(reads).toBeLessThan(6);
});
