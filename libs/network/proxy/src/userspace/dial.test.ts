import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { SourcePorts } from '@binnacle/machinery-wire';
import { afterEach, expect, test } from 'vitest';
import { dial } from './dial.js';

const closing: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of closing.splice(0)) server.close();
});

async function listen(host: string, port = 0): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).write(`${socket.remoteAddress}`);
  });
  closing.push(server.listen(port, host));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function seenFrom(port: number, source?: string, ports?: SourcePorts): Promise<string> {
  const socket = await dial({ host: '127.77.8.1', port }, 1000, source, ports);
  sockets.push(socket);
  const [data] = await once(socket, 'data');
  return String(data);
}

test('an endpoint is dialled from the address that is asked for', async () => {
  const port = await listen('127.77.8.1');
  expect(await seenFrom(port, '127.77.8.9')).toBe('127.77.8.9');
  expect(await seenFrom(port)).toBe('127.0.0.1');
});

test('one port leads to many endpoints at once, and one that is taken is passed over', async () => {
  const [one, two] = [await listen('127.77.8.1'), await listen('127.77.8.1')];
  const from = 100;
  await seenFrom(one, '127.77.8.9', new SourcePorts(from));
  await seenFrom(two, '127.77.8.9', new SourcePorts(from));
  expect(sockets.filter(({ remotePort }) => remotePort === 32_768 + from + 1)).toHaveLength(2);
  // To the same endpoint, and where somebody listens.
  await listen('127.77.8.9', 32_768 + from + 3);
  await seenFrom(one, '127.77.8.9', new SourcePorts(from));
  await seenFrom(one, '127.77.8.9', new SourcePorts(from));
  const ports = sockets.map(({ remotePort }) => remotePort).filter((port) => port !== one && port !== two);
  expect(ports).toContain(32_768 + from + 2);
  expect(ports).toContain(32_768 + from + 4);
});

test('an address that is not of this machine is not posed as', async () => {
  const port = await listen('127.77.8.1');
  await expect(dial({ host: '127.77.8.1', port }, 1000, '192.0.2.9')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});

test('who refuses is told at once', async () => {
  const refused = dial({ host: '127.77.8.1', port: 1 }, 1000, '127.77.8.9');
  await expect(refused).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
