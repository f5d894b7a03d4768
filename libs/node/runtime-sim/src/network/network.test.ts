import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { inhabitantAt, TestRules } from '../testing/inhabitants.js';
import { Network } from './network.js';
import { Wire } from './wire.js';

const rules = new TestRules();
const wire = new Wire({ privileged: true, isService: () => false, listeners: { has: async () => false }, rules });
const noNames = () => ({ hosts: '', resolvConf: '' });
const asker = new Network(inhabitantAt('10.77.1.5'), noNames, wire);
const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rules.allow(...rules.forbidden);
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
  const socket = await asker.connect({ host: '10.77.1.6', port, timeoutMilliseconds: 5000 });
  expect(socket.localAddress).toBe('127.77.1.5');
  socket.destroy();
});

test('a port that is in use already is left for another', async () => {
  const port = await server();
  const taken = await asker.connect({ host: '10.77.1.6', port, timeoutMilliseconds: 5000 });
  const next = (taken.localPort ?? 0) + 1;
  const holder = createServer().listen({ host: '127.77.1.5', port: next });
  await once(holder, 'listening');
  closing.push(() => holder.close());
  const socket = await asker.connect({ host: '10.77.1.6', port, timeoutMilliseconds: 5000 });
  expect(socket.localPort).toBe(next + 1);
  for (const each of [taken, socket]) each.destroy();
});

test('and its datagrams come from there', async () => {
  const socket = createSocket('udp4').bind({ address: '127.77.1.6', port: 0 });
  await once(socket, 'listening');
  const { port } = socket.address();
  closing.push(wire.hold({ host: '127.77.1.6', port }, 'udp'), () => socket.close());
  socket.on('message', (_, from) => socket.send(from.address, from.port, from.address));
  expect(
    (await asker.datagram({ host: '10.77.1.6', port, timeoutMilliseconds: 5000 }, Buffer.from('who?'))).toString(),
  ).toBe('127.77.1.5');
});

test("a Pod of the node's network asks as the node, one that is nowhere on this machine as the machine", async () => {
  const port = await server();
  const ask = async (ip: string) => {
    const network = new Network(inhabitantAt(ip), noNames, wire);
    return (await get(network, port)).body.toString();
  };
  expect(await ask('127.77.0.11')).toBe('127.77.0.11');
  expect(await ask('192.0.2.7')).toBe('127.0.0.1');
});

describe('what a policy forbids', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['a connection', () => asker.connect({ host: '10.77.1.6', port: 80, timeoutMilliseconds: 20 })],
    ['a request', () => asker.http({ url: 'http://10.77.1.6/', method: 'GET', headers: {}, timeoutMilliseconds: 20 })],
    ['a datagram', () => asker.datagram({ host: '10.77.1.6', port: 80, timeoutMilliseconds: 20 }, Buffer.from('x'))],
  ])('times out, as where nobody answers, and is not refused: %s', async (_, act) => {
    await expect(act()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    rules.forbid('10.77.1.6');
    await expect(act()).rejects.toThrow('connection timed out');
    expect(rules.followers).toBe(0);
  });

  test('is a name where the server of names may not be asked, and is not waited for longer than one has time', async () => {
    const files = () => ({ hosts: '', resolvConf: 'nameserver 10.77.1.53\noptions timeout:30' });
    const network = new Network(inhabitantAt('10.77.1.5'), files, wire);
    rules.forbid('10.77.1.53');
    const target = { host: 'web', port: 80, timeoutMilliseconds: 20 };
    await expect(network.connect(target)).rejects.toThrow('resolving timed out');
    await expect(network.datagram(target, Buffer.from('x'))).rejects.toThrow('resolving timed out');
  });

  test('goes through as soon as it may', async () => {
    const port = await server();
    rules.forbid('10.77.1.5');
    const asked = get(asker, port);
    rules.forbid('10.77.1.99');
    rules.allow('10.77.1.5');
    expect((await asked).status).toBe(200);
    await expect.poll(() => rules.followers).toBe(0);
  });

  test('ends where it stands', async () => {
    const port = await server();
    const socket = await asker.connect({ host: '10.77.1.6', port, timeoutMilliseconds: 5000 });
    rules.forbid('10.77.1.99');
    expect(socket.destroyed).toBe(false);
    rules.forbid('10.77.1.6');
    expect(socket.destroyed).toBe(true);
    await expect.poll(() => rules.followers).toBe(0);
  });
});
