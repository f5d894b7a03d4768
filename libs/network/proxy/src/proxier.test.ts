import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { service, slice } from './testing/builders.js';
import { Stage } from './testing/stage.js';
import { UDP_IDLE_MILLISECONDS } from './userspace/udp-listener.js';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.close());

const endpoint = (host: number, ready = true) => stage.endpoint(host, ready);
const greeting = (port: number, host?: string) => stage.greeting(port, host ? { host } : {});
const tcp = (port: number) => [{ name: '', port, protocol: 'TCP' }];

async function serve(port: number, endpoints: ReturnType<typeof endpoint>[], spec: object = {}): Promise<void> {
  stage.services.set(service(stage.clusterIP, tcp(port), spec));
  stage.slices.set(slice(endpoints, tcp(port)));
  await vi.waitFor(async () => expect(await greeting(port)).not.toBe('refused'), { interval: 5 });
}

describe('TCP', () => {
  test('every Pod answers in turn', async () => {
    const port = await stage.freePort();
    await Promise.all([stage.pod(1, port), stage.pod(2, port), stage.pod(3, port)]);
    await serve(port, [endpoint(1), endpoint(2), endpoint(3)]);
    const answers = [await greeting(port), await greeting(port), await greeting(port)];
    expect(answers.sort()).toEqual(['pod 1', 'pod 2', 'pod 3']);
  });

  test('a Pod that is not ready any more gets no new connection, but keeps those it has', async () => {
    const port = await stage.freePort();
    await Promise.all([stage.pod(1, port), stage.pod(2, port)]);
    await serve(port, [endpoint(1)]);
    const standing = connect({ port, host: stage.serviceHost });
    await once(standing, 'data');
    stage.slices.set(slice([endpoint(1, false), endpoint(2)], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 2'), { interval: 1, timeout: 200 });
    standing.write('still here');
    const [echo] = await once(standing, 'data');
    expect(String(echo)).toBe('still here');
    standing.destroy();
  });

  test('a connection keeps standing when the last endpoint goes and the port closes', async () => {
    const port = await stage.freePort();
    await stage.pod(1, port);
    await serve(port, [endpoint(1)]);
    const standing = connect({ port, host: stage.serviceHost });
    await once(standing, 'data');
    stage.slices.set(slice([], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port)).toBe('refused'), { interval: 1 });
    standing.write('x');
    expect(String((await once(standing, 'data'))[0])).toBe('x');
    stage.slices.set(slice([endpoint(1)], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 1'), { interval: 1 });
    standing.destroy();
  });

  test('an endpoint that refuses is passed over; when all refuse the client is reset', async () => {
    const port = await stage.freePort();
    await stage.pod(2, port);
    await serve(
      port,
      [1, 2, 3, 4, 5, 6, 7].map((host) => endpoint(host)),
    );
    for (let i = 0; i < 4; i += 1) expect(await greeting(port)).toBe('pod 2');
    stage.slices.set(slice([endpoint(1), endpoint(3)], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port)).toBe('refused'), { interval: 1 });
  });

  test('a client that has finished sending still gets all of the answer', async () => {
    const port = await stage.freePort();
    await stage.pod(1, port);
    await serve(port, [endpoint(1)]);
    const client = connect({ port, host: stage.serviceHost, allowHalfOpen: true });
    const body = 'x'.repeat(3_000_000);
    client.end(body);
    let received = '';
    for await (const chunk of client) received += String(chunk);
    expect(received.length).toBe('pod 1\n'.length + body.length);
  });

  test('node ports are open on this machine', async () => {
    const port = await stage.freePort();
    await stage.pod(1, port);
    stage.services.set(service(stage.clusterIP, [{ port, protocol: 'TCP', nodePort: port }], { type: 'NodePort' }));
    stage.slices.set(slice([endpoint(1)], tcp(port)));
    await vi.waitFor(async () => expect(await greeting(port, '127.0.0.1')).toBe('pod 1'), { interval: 5 });
  });

  test('a deleted Service is closed, and its address may go to another at once', async () => {
    const port = await stage.freePort();
    await Promise.all([stage.pod(1, port), stage.pod(2, port)]);
    await serve(port, [endpoint(1)]);
    const other = service(stage.clusterIP, tcp(port));
    other.metadata.name = 'other';
    stage.services.set(other);
    const itsSlice = slice([endpoint(2)], tcp(port), 'other-abc');
    itsSlice.metadata.labels = { 'kubernetes.io/service-name': 'other' };
    stage.slices.set(itsSlice);
    stage.services.remove('default/web');
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 2'), { interval: 1 });
  });

  test('a proxy that stopped closes everything, and opens it again when it leads anew', async () => {
    const port = await stage.freePort();
    await stage.pod(1, port);
    await serve(port, [endpoint(1)]);
    await stage.stop();
    expect(await greeting(port)).toBe('refused');
    stage.start();
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 1'), { interval: 5 });
  });

  test('a taken port gives a warning and is tried again', async () => {
    const port = await stage.freePort();
    await stage.pod(1, port);
    const squatter = createServer().listen(port, stage.serviceHost);
    await once(squatter, 'listening');
    stage.services.set(service(stage.clusterIP, tcp(port)));
    stage.slices.set(slice([endpoint(1)], tcp(port)));
    await vi.waitFor(() => expect(stage.events).toEqual(['Warning FailedToOpenPort']));
    squatter.close();
    await once(squatter, 'close');
    stage.clock.step(1_000);
    await vi.waitFor(async () => expect(await greeting(port)).toBe('pod 1'), { interval: 5 });
  });
});

describe('UDP', () => {
  const udp = (port: number) => [{ name: '', port, protocol: 'UDP' }];

  test('a client stays with its endpoint, its answers come back, and it moves on when the endpoint goes', async () => {
    const port = await stage.freePort();
    const stop = await Promise.all([stage.udpPod(1, port), stage.udpPod(2, port)]);
    stage.services.set(service(stage.clusterIP, udp(port)));
    stage.slices.set(slice([endpoint(1), endpoint(2)], udp(port)));
    const client = stage.udpClient(port);
    const first = await client.ask('hello');
    expect(first).toMatch(/^pod [12]: hello$/);
    expect(await client.ask('again')).toBe(first.replace('hello', 'again'));
    const [, chosen] = /pod (\d)/.exec(first) ?? [];
    const left = chosen === '1' ? 2 : 1;
    stage.slices.set(slice([endpoint(left)], udp(port)));
    await vi.waitFor(async () => expect(await client.ask('moved')).toBe(`pod ${left}: moved`), { interval: 5 });
    client.close();
    for (const one of stop) one();
  });

  test('a client that was silent for long is a new one, and a port without endpoints answers nobody', async () => {
    const port = await stage.freePort();
    const stop = await Promise.all([stage.udpPod(1, port), stage.udpPod(2, port)]);
    stage.services.set(service(stage.clusterIP, udp(port)));
    stage.slices.set(slice([endpoint(1), endpoint(2)], udp(port)));
    const client = stage.udpClient(port);
    const first = await client.ask('x');
    stage.clock.step(UDP_IDLE_MILLISECONDS - 1);
    expect(await client.ask('x')).toBe(first);
    stage.clock.step(UDP_IDLE_MILLISECONDS);
    expect(await client.ask('x')).not.toBe(first);
    stage.slices.set(slice([], udp(port)));
    const refused = createSocket('udp4').on('message', () => expect.unreachable());
    refused.connect(port, stage.serviceHost);
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
