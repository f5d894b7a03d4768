import type { KubeObject } from '@binnacle/machinery-meta';
import { createKubeClient } from '@binnacle/client-rest';
import { type ProtocolServer, startProtocolServer } from '@binnacle/client-rest/testing';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClusterPolicies } from './cluster-policies.js';

let server: ProtocolServer;
let abort: AbortController;
let policies: ClusterPolicies;
let running: Promise<void>;

const deny = (name: string): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'a' },
});
const namespace = (name: string, labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

beforeEach(async () => {
  server = await startProtocolServer();
  policies = new ClusterPolicies(createKubeClient({ server: server.url }));
  run();
});
afterEach(async () => {
  await rest();
  await server.stop();
});

function run(): void {
  abort = new AbortController();
  running = policies.run({ signal: abort.signal, clock: systemClock, logger: silentLogger });
}
async function rest(): Promise<void> {
  abort.abort();
  await running;
}
const asked = () => [...new Set(server.seen.map((line) => line.replace(/^GET [^?]*\/(\w+)\?.*$/, '$1')))].sort();
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 5 });

test('of a cluster without policies nothing else is asked', async () => {
  await policies.synced();
  expect([policies.isEmpty, asked()]).toEqual([true, ['networkpolicies']]);
});

test('with the first one all that decisions need is known, and each change is told', async () => {
  server.api.create('namespaces', namespace('a', { team: 'x' }));
  await policies.synced();
  let told = 0;
  policies.onChange(() => (told += 1));
  server.api.create('networkpolicies', deny('one'));
  await poll(() => told).toBeGreaterThan(0);
  await policies.synced();
  expect(asked()).toEqual(['endpointslices', 'namespaces', 'networkpolicies']);
  expect(policies.index.namespaceLabels('a')).toEqual({ team: 'x' });
  const before = told;
  server.api.update('namespaces', 'a', namespace('a', { team: 'y' }));
  await poll(() => policies.index.namespaceLabels('a')).toEqual({ team: 'y' });
  await poll(() => told).toBeGreaterThan(before);
  server.api.delete('namespaces', 'a');
  await poll(() => policies.index.namespaceLabels('a')).toBeUndefined();
  server.api.delete('networkpolicies', 'a/one');
  await poll(() => policies.isEmpty).toBe(true);
});

test('the first one is told when it is known whom it is about: until then nobody is cut off', async () => {
  server.api.create('namespaces', namespace('b', { team: 'x' }));
  await policies.synced();
  const known: unknown[] = [];
  policies.onChange(() => known.push(policies.index.namespaceLabels('b')));
  server.api.create('networkpolicies', deny('one'));
  await poll(() => known.length).toBeGreaterThan(0);
  expect(known[0]).toEqual({ team: 'x' });
});

test('what is known stays while nothing is asked, and is put right after that', async () => {
  server.api.create('networkpolicies', deny('one'));
  server.api.create('networkpolicies', deny('two'));
  await policies.synced();
  await rest();
  server.api.delete('networkpolicies', 'a/one');
  server.api.create('namespaces', namespace('b', {}));
  expect(policies.index.size).toBe(2);
  run();
  await poll(() => policies.index.size).toBe(1);
  await poll(() => policies.index.namespaceLabels('b')).toEqual({});
});

test('changes that come together are told once, and not to who has stopped listening', async () => {
  await policies.synced();
  const told: string[] = [];
  policies.onChange(() => told.push('one'))();
  policies.onChange(() => told.push('other'));
  policies.changed();
  policies.changed();
  await Promise.resolve();
  expect(told).toEqual(['other']);
});

test('thousands are told in turns, each of what came meanwhile too', async () => {
  await policies.synced();
  const told = new Array<number>(5_000).fill(0);
  const stop = told.map((_, at) => policies.onChange(() => void (told[at] = (told[at] ?? 0) + 1)));
  policies.changed();
  await Promise.resolve();
  expect(told.filter((times) => times > 0).length).toBeLessThan(1_000);
  policies.changed();
  stop.at(-1)?.();
  await poll(() => told.slice(0, -1).every((times) => times === 2)).toBe(true);
  expect(told.at(-1)).toBe(0);
});
