import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FakeClock } from '@binnacle/machinery-context';
import { afterEach, describe, expect, test } from 'vitest';
import { ClientBounds } from './client-bounds.js';
import { type DnsSockets, openSockets } from './dns-sockets.js';
import type { Client } from './responder.js';
import type { Respond } from './tcp-session.js';

const host = `127.${201 + 2 * Math.floor(Math.random() * 25)}.0.10`;
const opened: DnsSockets[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
  for (const socket of sockets.splice(0)) socket.destroy();
});

const echo: Respond = (bytes, { address, transport }: Client) => Buffer.from(`${transport} ${address} ${bytes}`);
async function open(respond = echo, limits = { questionsPerSecond: 1000, connections: 8 }): Promise<DnsSockets> {
  const each = await openSockets(
    { host, port: 0 },
    respond,
    new ClientBounds(new FakeClock(), limits),
    new FakeClock(),
  );
  opened.push(each);
  return each;
}
const framed = (...texts: string[]) =>
  Buffer.concat(
    texts.map((text) => Buffer.concat([Buffer.from([text.length >> 8, text.length & 255]), Buffer.from(text)])),
  );
async function dial({ port }: DnsSockets): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true });
  sockets.push(socket.on('error', () => undefined));
  await once(socket, 'connect');
  return socket;
}
/** All that comes until the other side ends, without the lengths. */
async function read(socket: Socket): Promise<string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  let rest = Buffer.concat(chunks);
  const found: string[] = [];
  while (rest.length > 2) {
    const end = 2 + rest.readUInt16BE(0);
    found.push(rest.subarray(2, end).toString());
    rest = rest.subarray(end);
  }
  return found;
}

test('a datagram is answered to whom it came from', async () => {
  const { port } = await open();
  const socket = createSocket('udp4').bind({ address: '127.0.0.7', port: 0 });
  socket.send('hello', port, host);
  expect(String((await once(socket, 'message'))[0])).toBe('udp 127.0.0.7 hello');
  socket.close();
});

test('a late answer comes late', async () => {
  const { port } = await open(async (bytes) => await Promise.resolve(bytes));
  const socket = createSocket('udp4');
  socket.send('hello', port, host);
  expect(String((await once(socket, 'message'))[0])).toBe('hello');
  socket.close();
});

test('who asks too often is not answered', async () => {
  const { port } = await open(echo, { questionsPerSecond: 3, connections: 8 });
  const answers: string[] = [];
  const socket = createSocket('udp4').on('message', (bytes) => answers.push(String(bytes)));
  const other = createSocket('udp4').bind({ address: '127.0.0.8', port: 0 });
  for (let at = 0; at < 10; at += 1) socket.send(String(at), port, host);
  await expect.poll(() => answers.length).toBe(3);
  other.send('mine', port, host);
  await once(other, 'message');
  expect(answers).toHaveLength(3);
  socket.close();
  other.close();
});

describe('a connection', () => {
  test('may ask again and again, without waiting, and is answered to its last question', async () => {
    const socket = await dial(await open());
    socket.end(framed('one', 'two', 'three'));
    expect(await read(socket)).toEqual(['one', 'two', 'three'].map((text) => `tcp 127.0.0.1 ${text}`));
  });

  test('may send its questions byte by byte', async () => {
    const socket = (await dial(await open())).setNoDelay();
    for (const byte of framed('one', 'two')) socket.write(Buffer.from([byte]));
    socket.end();
    expect(await read(socket)).toHaveLength(2);
  });

  test('is answered as the answers come', async () => {
    const late = new EventEmitter();
    const slow = async () => Buffer.from(String(await once(late, 'answer')));
    const socket = await dial(await open((bytes) => (String(bytes) === 'slow' ? slow() : bytes)));
    socket.write(framed('slow', 'quick'));
    await once(socket, 'readable');
    late.emit('answer', 'slow');
    socket.end();
    expect(await read(socket)).toEqual(['quick', 'slow']);
  });

  test('that asks very much at once is answered in full', async () => {
    const socket = await dial(await open(async (bytes) => await Promise.resolve(bytes)));
    const all = Array.from({ length: 500 }, (_, at) => String(at));
    socket.end(framed(...all));
    expect((await read(socket)).sort()).toEqual([...all].sort());
  });

  test('ends where what comes is no question', async () => {
    const socket = await dial(await open(() => undefined));
    socket.write(framed('x'));
    expect(await read(socket)).toEqual([]);
  });

  test('ends where a question is longer than any', async () => {
    const socket = await dial(await open());
    socket.write(Buffer.from([0xff, 0xff, 0]));
    expect(await read(socket)).toEqual([]);
  });

  test('is one of so many that an address has', async () => {
    const server = await open(echo, { questionsPerSecond: 1000, connections: 2 });
    const one = await dial(server);
    await dial(server);
    const three = connect({ host, port: server.port });
    sockets.push(three.on('error', () => undefined));
    await new Promise((resolve) => three.once('close', resolve));
    one.end(framed('mine'));
    expect(await read(one)).toEqual(['tcp 127.0.0.1 mine']);
  });

  test('ends with the server', async () => {
    const server = await open();
    const socket = await dial(server);
    server.close();
    expect(await read(socket)).toEqual([]);
  });
});

test('where one transport cannot be had the other is not taken', async () => {
  const { port } = await open();
  opened[0]?.close();
  const taken = createSocket('udp4').bind({ address: host, port });
  await once(taken, 'listening');
  await expect(
    openSockets(
      { host, port },
      echo,
      new ClientBounds(new FakeClock(), { questionsPerSecond: 1, connections: 1 }),
      new FakeClock(),
    ),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await new Promise<void>((resolve) => taken.close(() => resolve()));
  opened.splice(0);
  opened.push(
    await openSockets(
      { host, port },
      echo,
      new ClientBounds(new FakeClock(), { questionsPerSecond: 1, connections: 1 }),
      new FakeClock(),
    ),
  );
});
