import { createSocket } from 'node:dgram';
import { on, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Proxier } from './proxier.js';
import { service, slice, testOctet, wireNode } from './testing/builders.js';
import { MemoryInformer } from './testing/memory-informer.js';
import { UDP_IDLE_MILLISECONDS } from './userspace/udp-listener.js';
import { userspaceMode } from './userspace/userspace.js';

const octet = testOctet();
const clusterIP = `10.${octet}.0.10`;
const serviceHost = `127.${octet}.0.10`;
const podCIDR = `10.${octet}.1.0/24`;
const servers: Server[] = [];
let abort: AbortController;
let clock: FakeClock;
let services: MemoryInformer<Service>;
let slices: MemoryInformer<EndpointSlice>;
let nodes: MemoryInformer<Node>;
let proxier: Proxier;
let running: Promise<void>;
const events: string[] = [];

/** A Pod at the wire address `.1.<host>` that greets with its name, then echoes; ends when its client ends. */
async function pod(host: number, port: number, greeting = `pod ${host}`): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.write(`${greeting}\n`);
    socket.pipe(socket);
  });
  server.listen(port, `127.${octet}.1.${host}`);
  await once(server, 'listening');
  servers.push(server);
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, serviceHost);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const endpoint = (host: number, ready = true) => ({
  addresses: [`10.${octet}.1.${host}`],
  nodeName: 'w',
  conditions: { ready },
});
const tcp = (port: number) => [{ name: '', port, protocol: 'TCP' }];

/** Connects and reads up to the first line; `refused` where nothing listens or the connection is reset. */
async function greeting(port: number, host = serviceHost): Promise<string> {
  const socket = connect({ port, host });
  try {
    const [data] = await once(socket, 'data');
    return String(data).trim();
  } catch {
    return 'refused';
  } finally {
    socket.destroy();
  }
}

beforeEach(() => {
  abort = new AbortController();
  clock = new FakeClock();
  events.length = 0;
  services = new MemoryInformer();
  slices = new MemoryInformer();
  nodes = new MemoryInformer<Node>([wireNode('w', '127.0.0.1', podCIDR)]);
  const recorder = { event: (_: unknown, type: string, reason: string) => void events.push(`${type} ${reason}`) };
  proxier = new Proxier({ services, slices, nodes }, recorder, {
    mode: userspaceMode({ privileged: true }),
    nodePortAddresses: [],
  });
  const ctx: Context = { signal: abort.signal, clock, logger: silentLogger };
  running = proxier.run(ctx);
});

afterEach(async () => {
  abort.abort(new Error('test over'));
  await running.catch(() => undefined);
  for (const server of servers.splice(0)) server.close();
});

async function serve(port: number, endpoints: ReturnType<typeof endpoint>[], spec: object = {}): Promise<void> {
  services.set(service(clusterIP, tcp(port), spec));
  slices.set(slice(endpoints, tcp(port)));
  await vi.waitFor(async () => expect(await greeting(port)).not.toBe('refused'), { interval: 5 });
}

describe('TCP', () => {
  test('every Pod answers in turn', async () => {
    const port = await freePort();
    await Promise.all([pod(1, port), pod(2, port), pod(3, port)]);
    await serve(port, [endpoint(1), endpoint(2), endpoint(3)]);
    const answers = [await greeting(port), await greeting(port), await greeting(port)];
    expect(answers.sort()).toEqual(['pod 1', 'pod 2', 'pod 3']);
  });

  test('a Pod that is not ready any more gets no new connection, but keeps those it has', async () => {
    const port = await freePort();
    await Promise.all([pod(1, port), pod(2, port)]);
    await serve(port, [endpoint(1)]);
    const standing = connect({ port, host: serviceHost });
    await once(standing, 'data');
    slices.set(slice([endpoint(1, false), endpoint(2)], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 2'), { interval: 1, timeout: 200 });
    standing.write('still here');
    const [echo] = await once(standing, 'data');
    expect(String(echo)).toBe('still here');
    standing.destroy();
  });

  test('a connection keeps standing when the last endpoint goes and the port closes', async () => {
    const port = await freePort();
    await pod(1, port);
    await serve(port, [endpoint(1)]);
    const standing = connect({ port, host: serviceHost });
    await once(standing, 'data');
    slices.set(slice([], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port)).toBe('refused'), { interval: 1 });
    standing.write('x');
    expect(String((await once(standing, 'data'))[0])).toBe('x');
    slices.set(slice([endpoint(1)], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 1'), { interval: 1 });
    standing.destroy();
  });

  test('an endpoint that refuses is passed over; when all refuse the client is reset', async () => {
    const port = await freePort();
    await pod(2, port);
    await serve(
      port,
      [1, 2, 3, 4, 5, 6, 7].map((host) => endpoint(host)),
    );
    for (let i = 0; i < 4; i += 1) expect(await greeting(port)).toBe('pod 2');
    slices.set(slice([endpoint(1), endpoint(3)], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port)).toBe('refused'), { interval: 1 });
  });

  test('a client that has finished sending still gets all of the answer', async () => {
    const port = await freePort();
    await pod(1, port);
    await serve(port, [endpoint(1)]);
    const client = connect({ port, host: serviceHost, allowHalfOpen: true });
    const body = 'x'.repeat(3_000_000);
    client.end(body);
    let received = '';
    for await (const chunk of client) received += String(chunk);
    expect(received.length).toBe('pod 1\n'.length + body.length);
  });

  test('node ports are open on this machine', async () => {
    const port = await freePort();
    await pod(1, port);
    services.set(service(clusterIP, [{ port, protocol: 'TCP', nodePort: port }], { type: 'NodePort' }));
    slices.set(slice([endpoint(1)], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port, '127.0.0.1')).toBe('pod 1'), { interval: 5 });
  });

  test('a deleted Service is closed, and its address may go to another at once', async () => {
    const port = await freePort();
    await Promise.all([pod(1, port), pod(2, port)]);
    await serve(port, [endpoint(1)]);
    const other = service(clusterIP, tcp(port));
    other.metadata.name = 'other';
    services.set(other);
    const itsSlice = slice([endpoint(2)], tcp(port), 'other-abc');
    itsSlice.metadata.labels = { 'kubernetes.io/service-name': 'other' };
    slices.set(itsSlice);
    services.remove('default/web');
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 2'), { interval: 1 });
  });

  test('a proxy that stopped closes everything, and opens it again when it leads anew', async () => {
    const port = await freePort();
    await pod(1, port);
    await serve(port, [endpoint(1)]);
    abort.abort(new Error('lost the lease'));
    await running;
    expect(await greeting(port)).toBe('refused');
    abort = new AbortController();
    running = proxier.run({ signal: abort.signal, clock, logger: silentLogger });
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 1'), { interval: 5 });
  });

  test('a taken port gives a warning and is tried again', async () => {
    const port = await freePort();
    await pod(1, port);
    const squatter = createServer().listen(port, serviceHost);
    await once(squatter, 'listening');
    services.set(service(clusterIP, tcp(port)));
    slices.set(slice([endpoint(1)], tcp(port)));
    await vi.waitFor(() => expect(events).toEqual(['Warning FailedToOpenPort']));
    squatter.close();
    await once(squatter, 'close');
    clock.step(1_000);
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 1'), { interval: 5 });
  });
});

describe('UDP', () => {
  const udp = (port: number) => [{ name: '', port, protocol: 'UDP' }];

  async function udpPod(host: number, port: number): Promise<() => void> {
    const socket = createSocket('udp4');
    socket.on('message', (data, from) => socket.send(`pod ${host}: ${data}`, from.port, from.address));
    socket.bind(port, `127.${octet}.1.${host}`);
    await once(socket, 'listening');
    return () => socket.close();
  }

  function udpClient(port: number) {
    const socket = createSocket('udp4');
    let serial = 0;
    return {
      close: () => socket.close(),
      /** Asks until this question has its answer: datagrams may be lost while ports open, and come late. */
      async ask(text: string): Promise<string> {
        const question = `${text} #${serial++}`;
        const send = () => socket.send(question, port, serviceHost);
        const again = setInterval(send, 20);
        send();
        try {
          for await (const [data] of on(socket, 'message')) {
            if (String(data).endsWith(question)) return String(data).replace(/ #\d+$/, '');
          }
          throw new Error('the socket closed');
        } finally {
          clearInterval(again);
        }
      },
    };
  }

  test('a client stays with its endpoint, its answers come back, and it moves on when the endpoint goes', async () => {
    const port = await freePort();
    const stop = await Promise.all([udpPod(1, port), udpPod(2, port)]);
    services.set(service(clusterIP, udp(port)));
    slices.set(slice([endpoint(1), endpoint(2)], udp(port)));
    const client = udpClient(port);
    const first = await client.ask('hello');
    expect(first).toMatch(/^pod [12]: hello$/);
    expect(await client.ask('again')).toBe(first.replace('hello', 'again'));
    const [, chosen] = /pod (\d)/.exec(first) ?? [];
    const left = chosen === '1' ? 2 : 1;
    slices.set(slice([endpoint(left)], udp(port)));
    await vi.waitFor(async () => expect(await client.ask('moved')).toBe(`pod ${left}: moved`), { interval: 5 });
    client.close();
    for (const one of stop) one();
  });

  test('a client that was silent for long is a new one, and a port without endpoints answers nobody', async () => {
    const port = await freePort();
    const stop = await Promise.all([udpPod(1, port), udpPod(2, port)]);
    services.set(service(clusterIP, udp(port)));
    slices.set(slice([endpoint(1), endpoint(2)], udp(port)));
    const client = udpClient(port);
    const first = await client.ask('x');
    clock.step(UDP_IDLE_MILLISECONDS - 1);
    expect(await client.ask('x')).toBe(first);
    clock.step(UDP_IDLE_MILLISECONDS);
    expect(await client.ask('x')).not.toBe(first);
    slices.set(slice([], udp(port)));
    const refused = createSocket('udp4').on('message', () => expect.unreachable());
    refused.connect(port, serviceHost);
    await once(refused, 'connect');
    await vi.waitFor(() => {
      refused.send('x');
      return Promise.race([
        once(refused, 'error'),
        new Promise((_, reject) => setTimeout(() => reject(new Error('still open')), 50)),
      ]).then(undefined, (error: NodeJS.ErrnoException) => expect(error.code).toBe('ECONNREFUSED'));
    });
    refused.close();
    client.close();
    for (const one of stop) one();
  });
});
