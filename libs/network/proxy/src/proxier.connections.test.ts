import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionView, PortTraffic } from './connections/flow.js';
import { service, slice } from './testing/builders.js';
import { Stage } from './testing/stage.js';
import { userspaceMode } from './userspace/userspace.js';
import { UDP_IDLE_MILLISECONDS } from './userspace/udp-listener.js';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.close());

const standing = (): readonly ConnectionView[] => stage.proxier.connections?.list({ limit: 10 }).items ?? [];
const traffic = (): PortTraffic | undefined => stage.proxier.connections?.traffic({ namespace: 'default' })[0];
const ports = (port: number, protocol = 'TCP') => [{ name: '', port, protocol }];

async function serve(protocol = 'TCP'): Promise<number> {
  const port = await stage.freePort();
  stage.services.set(service(stage.clusterIP, ports(port, protocol)));
  stage.slices.set(slice([stage.endpoint(1)], ports(port, protocol)));
  await vi.waitFor(() => expect(stage.proxier.openPorts).toBe(1));
  return port;
}

async function talk(port: number): Promise<Socket> {
  const socket = connect({ port, host: stage.serviceHost, localAddress: stage.podHost(5) });
  await once(socket, 'data');
  return socket;
}

test('a connection is known while it stands, and what it carried afterwards', async () => {
  const port = await serve();
  await stage.pod(1, port);
  await vi.waitFor(async () => expect(await stage.greeting(port)).toBe('pod 1'));
  await vi.waitFor(() => expect(standing()).toEqual([]));
  const before = traffic()?.endpoints[0]?.total ?? 0;
  const socket = await talk(port);
  socket.write('hello');
  await once(socket, 'data');
  expect(standing()).toMatchObject([
    {
      service: 'default/web',
      servicePort: String(port),
      protocol: 'TCP',
      purpose: 'ClusterIP',
      asked: { address: stage.clusterIP, port },
      client: { address: `10.${stage.octet}.1.5`, port: socket.localPort, node: 'w' },
      endpoint: { address: `10.${stage.octet}.1.1`, port, node: 'w' },
      sent: 5,
      received: 'pod 1\nhello'.length,
      draining: false,
    },
  ]);
  stage.slices.set(slice([stage.endpoint(1, false), stage.endpoint(2)], ports(port)));
  await vi.waitFor(() => expect(standing()).toMatchObject([{ draining: true }]));
  stage.slices.set(slice([stage.endpoint(1)], ports(port)));
  socket.end();
  await vi.waitFor(() => expect(standing()).toEqual([]));
  const [line] = traffic()?.endpoints ?? [];
  expect(line).toMatchObject({ active: 0, total: before + 1, sent: 5 });
});

test('who finds nobody is counted, and so is the endpoint that was not reached', async () => {
  const port = await serve();
  await vi.waitFor(async () => {
    expect(await stage.greeting(port)).toBe('refused');
    expect(traffic()?.unanswered).toBeGreaterThan(0);
  });
  expect(traffic()?.endpoints).toMatchObject([{ active: 0, total: 0 }]);
  expect(traffic()?.endpoints[0]?.failed).toBe(traffic()?.unanswered);
});

test('a UDP session stands until it was silent for long', async () => {
  const port = await serve('UDP');
  const stop = await stage.udpPod(1, port);
  const client = stage.udpClient(port, { from: stage.podHost(5) });
  await client.ask('hello');
  expect(standing()).toMatchObject([
    { protocol: 'UDP', client: { address: `10.${stage.octet}.1.5`, node: 'w' }, endpoint: { port } },
  ]);
  const [{ sent = 0, received = 0 } = {}] = standing();
  expect([sent, received].every((count) => count >= 'hello #0'.length)).toBe(true);
  stage.clock.step(2 * UDP_IDLE_MILLISECONDS);
  expect(standing()).toEqual([]);
  expect(traffic()?.endpoints).toMatchObject([{ active: 0, total: 1, sent, received }]);
  client.close();
  stop();
});

test('one client takes no more room than it may have, and others are served', async () => {
  await stage.close();
  stage = new Stage({ mode: userspaceMode({ privileged: true, limits: { inAll: 2, each: 1 } }) });
  const port = await serve();
  await stage.pod(1, port);
  await vi.waitFor(async () => expect(await stage.greeting(port)).toBe('pod 1'));
  const first = await talk(port);
  await vi.waitFor(async () => expect(await stage.greeting(port, { from: stage.podHost(5) })).toBe('refused'));
  await vi.waitFor(async () => expect(await stage.greeting(port, { from: stage.podHost(6) })).toBe('pod 1'));
  first.destroy();
  await vi.waitFor(async () => expect(await stage.greeting(port, { from: stage.podHost(5) })).toBe('pod 1'));
});
