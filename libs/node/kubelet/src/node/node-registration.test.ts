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
  await registration.start();
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
