import type { Node, NodeSystemInfo } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient } from '@binnacle/client-rest';
import { type ProtocolServer, startProtocolServer } from '@binnacle/client-rest/testing';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NodeRegistration } from './node-registration.js';

let server: ProtocolServer;
let abort: AbortController;
let told: string[] = [];

const description = {
  name: 'n',
  address: '127.0.0.1',
  labels: {},
  annotations: {},
  taints: [],
  capacity: {},
  allocatable: {},
  info: { architecture: 'amd64', operatingSystem: 'linux' } as NodeSystemInfo,
  port: 10250,
};

beforeEach(async () => {
  server = await startProtocolServer();
  abort = new AbortController();
  told = [];
});
afterEach(async () => {
  abort.abort(new Error('test over'));
  await server.stop();
});

const stored = () => server.api.get('nodes', 'n') as unknown as Node;
const readiness = () => {
  try {
    return stored().status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  } catch {
    return undefined;
  }
};
const eventually = (read: () => unknown) => expect.poll(read, { interval: 5, timeout: 4000 });

test('a node tells of its readiness when it changes, once', async () => {
  const ctx = { signal: abort.signal, clock: new FakeClock(), logger: silentLogger };
  const registration = new NodeRegistration(ctx, {
    node: description,
    client: createKubeClient({ server: server.url }).resource<Node>(refs.nodes),
    health: (node) => ({ ready: node?.spec?.podCIDR !== undefined, message: '' }),
    images: async () => [],
    event: (reason) => void told.push(reason),
  });
  await registration.start(ctx);
  await eventually(readiness).toBe('False');
  server.api.update('nodes', 'n', { ...stored(), spec: { podCIDR: '10.0.0.0/24' } } as Node);
  await eventually(readiness).toBe('True');
  const seen = () => registration.informer.get('n')?.metadata.resourceVersion;
  await eventually(seen).toBe(stored().metadata.resourceVersion);
  expect(told).toEqual(['NodeReady']);
  const silent = [{ type: 'Ready', status: 'Unknown' }];
  server.api.update('nodes', 'n', { ...stored(), status: { ...stored().status, conditions: silent } } as Node);
  await eventually(readiness).toBe('True');
  await eventually(() => told).toEqual(['NodeReady', 'NodeReady']);
});

test('a node from before there were agents is claimed by its own', async () => {
  const ctx = { signal: abort.signal, clock: new FakeClock(), logger: silentLogger };
  server.api.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } } as Node);
  const registration = new NodeRegistration(ctx, {
    node: { ...description, providerId: 'simulated://sim/n' },
    client: createKubeClient({ server: server.url }).resource<Node>(refs.nodes),
    health: () => ({ ready: true, message: '' }),
    images: async () => [],
    event: () => undefined,
  });
  await registration.start(ctx);
  expect(stored().spec?.providerID).toBe('simulated://sim/n');
});

test('a node that was not followed for a while goes on where it was, and is silent in between', async () => {
  const clock = new FakeClock();
  const [first, second] = [new AbortController(), new AbortController()];
  const ctx = { clock, logger: silentLogger };
  const registration = new NodeRegistration(
    { ...ctx, signal: abort.signal },
    {
      node: description,
      client: createKubeClient({ server: server.url }).resource<Node>(refs.nodes),
      health: (node) => ({ ready: node?.spec?.podCIDR !== undefined, message: '' }),
      images: async () => [],
      event: () => undefined,
    },
  );
  await registration.start({ ...ctx, signal: first.signal });
  await eventually(readiness).toBe('False');
  const seen = () => registration.informer.get('n')?.metadata.resourceVersion;
  await eventually(seen).toBe(stored().metadata.resourceVersion);
  first.abort(new Error('the cluster rests'));
  await eventually(() => clock.pending).toBe(0);
  server.api.update('nodes', 'n', { ...stored(), spec: { podCIDR: '10.0.0.0/24' } } as Node);
  const lists = () => server.seen.filter((line) => line.startsWith('GET') && !line.includes('watch=true')).length;
  const before = lists();
  await registration.start({ ...ctx, signal: second.signal });
  await eventually(readiness).toBe('True');
  expect(lists()).toBe(before);
  second.abort(new Error('over'));
});

test('a node whose object somebody deleted comes back only where it is to', async () => {
  const ctx = { signal: abort.signal, clock: new FakeClock(), logger: silentLogger };
  const registration = new NodeRegistration(ctx, {
    node: description,
    client: createKubeClient({ server: server.url }).resource<Node>(refs.nodes),
    health: () => ({ ready: true, message: '' }),
    images: async () => [],
    event: () => undefined,
    comesBack: false,
  });
  await registration.start(ctx);
  await eventually(readiness).toBe('True');
  await eventually(() => registration.informer.get('n')).toBeDefined();
  server.api.delete('nodes', 'n');
  await eventually(() => registration.informer.get('n')).toBeUndefined();
  expect(server.seen.filter((line) => line.startsWith('POST'))).toHaveLength(1);
});

test('what others gave a node can be had until they take it away', async () => {
  const ctx = { signal: abort.signal, clock: new FakeClock(), logger: silentLogger };
  const own = { cpu: '4' };
  const registration = new NodeRegistration(ctx, {
    node: { ...description, capacity: own, allocatable: own },
    client: createKubeClient({ server: server.url }).resource<Node>(refs.nodes),
    health: () => ({ ready: true, message: '' }),
    images: async () => [],
    event: () => undefined,
  });
  await registration.start(ctx);
  await eventually(readiness).toBe('True');
  const give = (capacity: Record<string, string>) =>
    server.api.update('nodes', 'n', { ...stored(), status: { ...stored().status, capacity } } as Node);
  give({ cpu: '9', 'example.com/foo': '5' });
  await eventually(() => stored().status?.allocatable).toEqual({ cpu: '4', 'example.com/foo': '5' });
  expect(stored().status?.capacity).toEqual({ cpu: '4', 'example.com/foo': '5' });
  give({ cpu: '4' });
  await eventually(() => stored().status?.allocatable?.['example.com/foo'] ?? 'none').toBe('none');
});
