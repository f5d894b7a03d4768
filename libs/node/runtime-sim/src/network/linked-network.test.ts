import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { systemClock } from '@binnacle/process-lifecycle';
import { TestAuthority } from '@binnacle/testing-cluster';
import { afterEach, expect, test } from 'vitest';
import { inhabitantAt } from '../testing/inhabitants.js';
import { Link } from './link.js';
import { parseLink } from './link-shape.js';
import { Network } from './network.js';
import { Wire } from './wire.js';

const wire = new Wire({ privileged: true, isService: () => false, listeners: { has: async () => false } });
const noNames = () => ({ hosts: '', resolvConf: '' });
const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const over = (ip: string, text?: string) => {
  const link = text === undefined ? undefined : new Link(parseLink(text, ip), systemClock);
  return inhabitantAt(ip, link && { link });
};
const asker = (text?: string) => new Network(over('10.77.2.5', text), noNames, wire);

/** Each test's own address. */
async function server(ip: string, answer: (socket: Socket) => void, link?: string): Promise<number> {
  const host = ip.replace(/^10/, '127');
  const tcp = createServer((socket) => answer(socket.on('error', () => undefined)));
  await once(tcp.listen({ host, port: 0 }), 'listening');
  const { port } = tcp.address() as AddressInfo;
  closing.push(wire.hold({ host, port }, 'tcp'), wire.settle(over(ip, link)), () => tcp.close());
  return port;
}

async function timed<T>(act: () => Promise<T>): Promise<[T, number]> {
  const begun = performance.now();
  return [await act(), performance.now() - begun];
}

const echo = (socket: Socket) => socket.pipe(socket);

test('a connection, and what is asked and answered over it, take the delays of both links', async () => {
  const port = await server('10.77.2.6', echo, 'delay 20ms');
  const target = { host: '10.77.2.6', port, timeoutMilliseconds: 5000 };
  const [socket, toConnect] = await timed(() => asker('delay 30ms').connect(target));
  expect(toConnect).toBeGreaterThan(95);
  const [[answer], toAnswer] = await timed(() => {
    socket.write('hello');
    return once(socket, 'data');
  });
  expect(String(answer)).toBe('hello');
  expect(toAnswer).toBeGreaterThan(95);
  socket.destroy();
});

test('what is long and comes with jitter and losses keeps its order, and its end', async () => {
  const sent = Buffer.from(Array.from({ length: 40_000 }, (_, index) => String(index)).join(' '));
  const port = await server('10.77.2.7', (socket) => {
    for (let at = 0; at < sent.length; at += 9_000) socket.write(sent.subarray(at, at + 9_000));
    socket.end();
  });
  const socket = await asker('delay 6ms 6ms loss 5%').connect({ host: '10.77.2.7', port, timeoutMilliseconds: 5000 });
  expect((await buffer(socket)).equals(sent)).toBe(true);
});

test('so much goes through in a second', async () => {
  const port = await server('10.77.2.8', (socket) => socket.end(Buffer.alloc(20_000)));
  const socket = await asker('rate 800kbit').connect({ host: '10.77.2.8', port, timeoutMilliseconds: 5000 });
  const [{ length }, took] = await timed(() => buffer(socket));
  expect(length).toBe(20_000);
  expect(took).toBeGreaterThan(190);
});

test('TLS takes the same way', async () => {
  const authority = await TestAuthority.create(Date.now());
  const { certificate: cert, key } = await authority.issue({ commonName: 'a', hosts: ['10.77.2.13'] });
  const https = createHttps({ cert, key }, (_, response) => void response.end('safe'));
  const port = await server('10.77.2.13', (socket) => void https.emit('connection', socket));
  const url = `https://10.77.2.13:${port}/`;
  const trust = { authority: authority.certificate };
  const [answer, took] = await timed(() =>
    asker('delay 20ms').http({ url, method: 'GET', headers: {}, timeoutMilliseconds: 5000, trust }),
  );
  expect(answer.body.toString()).toBe('safe');
  // For the connection, the handshake and the request, there and back each.
  expect(took).toBeGreaterThan(115);
  const strange = { url, method: 'GET', headers: {}, timeoutMilliseconds: 5000, trust: { authority: cert } };
  await expect(asker('delay 1ms').http(strange)).rejects.toThrow();
});

test('who has less time than a connection takes, or loses all, waits in vain', async () => {
  const port = await server('10.77.2.9', echo);
  const target = { host: '10.77.2.9', port, timeoutMilliseconds: 30 };
  await expect(asker('delay 20ms').connect(target)).rejects.toThrow('connection timed out');
  await expect(asker('loss 100%').connect(target)).rejects.toThrow('connection timed out');
});

test('a connection that is closed sends nothing more', async () => {
  const port = await server('10.77.2.10', echo);
  const socket = await asker('delay 10ms').connect({ host: '10.77.2.10', port, timeoutMilliseconds: 5000 });
  socket.on('data', () => expect.unreachable());
  socket.write('late');
  socket.destroy();
  await once(socket, 'close');
});

test('datagrams are late or lost', async () => {
  const socket = createSocket('udp4').bind({ address: '127.77.2.11', port: 0 });
  await once(socket, 'listening');
  const { port } = socket.address();
  closing.push(wire.hold({ host: '127.77.2.11', port }, 'udp'), () => socket.close());
  socket.on('message', (message, from) => socket.send(message, from.port, from.address));
  const ask = (text: string, timeoutMilliseconds: number) =>
    asker(text).datagram({ host: '10.77.2.11', port, timeoutMilliseconds }, Buffer.from('who?'));
  const [answer, took] = await timed(() => ask('delay 25ms', 5000));
  expect(String(answer)).toBe('who?');
  expect(took).toBeGreaterThan(45);
  await expect(ask('loss 100%', 30)).rejects.toThrow('timed out');
});

test('within a Pod nothing is late', async () => {
  const port = await server('10.77.2.12', echo, 'delay 10s');
  const self = over('10.77.2.12', 'delay 10s');
  const socket = await new Network(self, noNames, wire).connect({ host: '127.0.0.1', port, timeoutMilliseconds: 1000 });
  socket.destroy();
});
