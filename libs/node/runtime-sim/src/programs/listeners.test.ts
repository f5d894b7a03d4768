import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { FakeClock } from '@binnacle/machinery-context';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Path } from '../links/path.js';
import { Inhabitants } from '../network/inhabitants.js';
import { inhabitantAt, TestRules } from '../testing/inhabitants.js';
import { Wire } from '../network/wire.js';
import { Listeners } from './listeners.js';
import { Unanswered } from './unanswered.js';

const self = inhabitantAt('10.0.0.1');
const open = {
  hold: () => () => undefined,
  admits: () => true,
  onChange: () => () => undefined,
  path: () => undefined,
};

test('a container listens at so many ports and no more, until it has ended', async () => {
  const place = () => ({ host: '127.0.0.1', port: 0 });
  const listeners = new Listeners({ ...open, place }, self, 2);
  const tcp = () => listeners.tcp({ ip: '10.0.0.1', port: 80 }, (socket) => socket.destroy());
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
  const listeners = new Listeners({ ...open, place: () => ({ host: address, port }) }, self);
  const fail = (): never => {
    throw new Error('bad');
  };
  await listeners.tcp({ ip: '10.0.0.1', port: 80 }, fail);
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

describe('what policies forbid', () => {
  const rules = new TestRules();
  const wire = new Wire({ privileged: true, isService: () => false, listeners: { has: async () => false }, rules });
  const pod = inhabitantAt('10.77.7.7');
  let listeners: Listeners;
  let port: number;
  let heard: string[];

  beforeEach(async () => {
    [listeners, heard] = [new Listeners(wire, pod), []];
    ({ port } = await freePlace());
    await listeners.tcp({ ip: pod.ip, port }, (socket) => {
      heard.push(socket.remoteAddress ?? '');
      socket.end('hello');
    });
  });
  afterEach(() => {
    listeners.close();
    rules.allow(...rules.forbidden);
  });

  const dial = (localAddress: string) => connect({ port, host: '127.77.7.7', localAddress });

  test('is not answered, and not refused either', async () => {
    rules.forbid('10.77.7.8');
    const [forbidden, other] = [dial('127.77.7.8'), dial('127.77.7.9')];
    const [said] = (await once(other, 'data')) as [Buffer];
    expect([said.toString(), heard]).toEqual(['hello', ['127.77.7.9']]);
    expect([forbidden.bytesRead, forbidden.readyState]).toEqual([0, 'open']);
    forbidden.destroy();
    other.destroy();
  });

  test('is let go when the container ends', async () => {
    rules.forbid('10.77.7.8');
    const forbidden = dial('127.77.7.8').resume();
    await once(forbidden, 'connect');
    forbidden.on('error', () => undefined);
    listeners.close();
    await once(forbidden, 'close');
    expect(rules.followers).toBe(0);
  });

  test('ends where it stands, when a policy comes', async () => {
    await listeners.tcp({ ip: pod.ip, port: port + 1 }, (socket) => socket.write('hello'));
    const stands = ['127.77.7.8', '127.77.7.9'].map((localAddress) =>
      connect({ port: port + 1, host: '127.77.7.7', localAddress }),
    );
    await Promise.all(stands.map((socket) => once(socket, 'data')));
    rules.forbid('10.77.7.8');
    await expect(once(stands[0] as Socket, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(stands[1]?.destroyed).toBe(false);
    stands[1]?.destroy();
  });

  test('is not heard by UDP', async () => {
    await listeners.udp(pod.ip, port, (_, from, reply) => {
      heard.push(from.address);
      reply(Buffer.from('hello'));
    });
    rules.forbid('10.77.7.8');
    const say = async (address: string) => {
      const socket = createSocket('udp4').bind({ address, port: 0 });
      await once(socket, 'listening');
      socket.send('hi', port, '127.77.7.7');
      return socket;
    };
    const [forbidden, other] = [await say('127.77.7.8'), await say('127.77.7.9')];
    await once(other, 'message');
    expect(heard).toEqual(['127.77.7.9']);
    forbidden.close();
    other.close();
  });

  test("is nothing at a Pod of the node's network", async () => {
    const ofNode = new Listeners(wire, { ...pod, hostNetwork: true });
    await ofNode.tcp({ ip: pod.ip, port: port + 1 }, (socket) => socket.end('hello'));
    rules.forbid('10.77.7.8');
    await once(connect({ port: port + 1, host: '127.77.7.7', localAddress: '127.77.7.8' }), 'data');
    ofNode.close();
  });

  test('is another cluster, whatever its rules say', async () => {
    const shared = new Inhabitants();
    const options = { privileged: true, isService: () => false, listeners: { has: async () => false } };
    const [here, there] = [
      new Wire({ ...options, inhabitants: shared }),
      new Wire({ ...options, inhabitants: shared }),
    ];
    const leave = there.settle(inhabitantAt('10.77.7.8'));
    const arrival = { port: 80, transport: 'tcp' } as const;
    expect(here.admits('127.77.7.8', pod, arrival)).toBe(false);
    expect(there.admits('127.77.7.8', pod, arrival)).toBe(true);
    leave();
    expect(here.admits('127.77.7.8', pod, arrival)).toBe(true);
  });
});

test('of those that are not answered the oldest makes room', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const unanswered = new Unanswered(2);
  server.on('connection', (socket) => unanswered.add(socket));
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  for (let number = 0; number < 3; number += 1) {
    const socket = connect(port, '127.0.0.1').resume();
    sockets.push(socket);
    await once(server, 'connection');
  }
  await once(sockets[0] as Socket, 'close');
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
  unanswered.close();
  await Promise.all(sockets.slice(1).map((socket) => once(socket, 'close')));
  server.close();
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

describe('a way that takes its time', () => {
  const clock = new FakeClock(0);
  const path = { ...{ delay: 20, jitter: 0, loss: 0, seed: '' }, in: [], out: [] };
  const server = inhabitantAt('10.77.7.7');
  let listeners: Listeners | undefined;

  afterEach(() => listeners?.close());

  async function listenBehind(between: () => Path | undefined) {
    const { port } = await freePlace();
    const wire = { ...open, place: () => ({ host: '127.77.7.7', port }), path: between };
    listeners = new Listeners(wire, server, 256, clock);
    return port;
  }

  test('is noticed by connections and datagrams, there and back', async () => {
    const port = await listenBehind(() => path);
    await listeners?.tcp({ ip: server.ip, port }, (socket) => socket.end('hello'));
    await listeners?.udp(server.ip, port, (message, _from, reply) => reply(message));
    const client = connect(port, '127.77.7.7');
    const datagrams = createSocket('udp4');
    const heard: string[] = [];
    client.on('data', (chunk) => heard.push(`${chunk}`));
    datagrams.on('message', (message) => heard.push(`${message}`));
    datagrams.send('datagram', port, '127.77.7.7');
    await once(client, 'connect');
    expect(heard).toEqual([]);
    await expect
      .poll(() => {
        clock.step(10);
        return heard.sort();
      })
      .toEqual(['datagram', 'hello']);
    expect(clock.now()).toBeGreaterThan(40);
    datagrams.close();
  });

  test('on which all is lost leads to nobody', async () => {
    const port = await listenBehind(() => ({ ...path, loss: 1 }));
    const heard: string[] = [];
    await listeners?.tcp({ ip: server.ip, port }, () => heard.push('connection'));
    await listeners?.udp(server.ip, port, () => heard.push('datagram'));
    const client = connect(port, '127.77.7.7');
    await once(client, 'connect');
    const datagrams = createSocket('udp4');
    await new Promise((sent) => datagrams.send('x', port, '127.77.7.7', sent));
    client.end('x');
    await once(client, 'end', { signal: AbortSignal.timeout(100) }).catch(() => undefined);
    clock.step(10_000);
    expect(heard).toEqual([]);
    client.destroy();
    datagrams.close();
  });
});
