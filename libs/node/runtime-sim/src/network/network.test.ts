import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Network } from './network.js';
import { Wire } from './wire.js';

const wire = new Wire({ privileged: true, isService: () => false, listeners: { has: async () => false } });
const asker = new Network({ ip: '10.77.1.5', namespace: 'ns' }, () => undefined, wire);
const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Answers over HTTP who asked, at an address of the wire. */
async function server(host = '127.77.1.6'): Promise<number> {
  const http: Server = createServer(({ socket }, response) => void response.end(socket.remoteAddress));
  await once(http.listen({ host, port: 0 }), 'listening');
  const { port } = http.address() as AddressInfo;
  closing.push(wire.hold({ host, port }, 'tcp'), () => http.close());
  return port;
}

const get = (network: Network, port: number) =>
  network.http({ url: `http://10.77.1.6:${port}/`, method: 'GET', headers: {}, timeoutMilliseconds: 5000 });

test('a Pod asks under its own address', async () => {
  const port = await server();
  expect((await get(asker, port)).body.toString()).toBe('127.77.1.5');
  const socket = await asker.connect('10.77.1.6', port, 5000);
  expect(socket.localAddress).toBe('127.77.1.5');
  socket.destroy();
});

test('and its datagrams come from there', async () => {
  const socket = createSocket('udp4').bind({ address: '127.77.1.6', port: 0 });
  await once(socket, 'listening');
  const { port } = socket.address();
  closing.push(wire.hold({ host: '127.77.1.6', port }, 'udp'), () => socket.close());
  socket.on('message', (_, from) => socket.send(from.address, from.port, from.address));
  expect((await asker.datagram('10.77.1.6', port, Buffer.from('who?'), 5000)).toString()).toBe('127.77.1.5');
});

test("a Pod of the node's network asks as the node, one that is nowhere on this machine as the machine", async () => {
  const port = await server();
  const ask = async (ip: string) => {
    const network = new Network({ ip, namespace: 'ns' }, () => undefined, wire);
    return (await get(network, port)).body.toString();
  };
  expect(await ask('127.77.0.11')).toBe('127.77.0.11');
  expect(await ask('192.0.2.7')).toBe('127.0.0.1');
});
