import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { isNotFound, StatusError, type WatchEvent } from '@binnacle/machinery-meta';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKubeClient, fetchTransport, type KubeClient, kubeClientOver, TransportError } from './index.js';
import { type ProtocolServer, startProtocolServer } from './testing/index.js';

const configmaps = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
const at = (name: string) => ({ name, namespace: 'default' });

let server: ProtocolServer;
let abort: AbortController;
let clock: FakeClock;
const context = () => ({ signal: abort.signal, clock, logger: silentLogger });

beforeEach(async () => {
  server = await startProtocolServer();
  abort = new AbortController();
  clock = new FakeClock();
});
afterEach(async () => {
  abort.abort();
  await server.stop();
});

const transports: Array<[string, () => KubeClient]> = [
  ['sockets', () => createKubeClient({ server: server.url, cluster: 'lab' })],
  ['fetch', () => kubeClientOver(fetchTransport({ origin: server.url }), { cluster: 'lab' })],
];

describe.each(transports)('over %s', (_, connect) => {
  test('creates, reads, lists, changes and deletes in its logical cluster', async () => {
    const client = connect().resource(configmaps);
    const made = await client.create(context(), object('a'));
    expect(await client.get(context(), at('a'))).toEqual(made);
    const updated = await client.update(context(), { ...made, data: { x: '1' } });
    expect((await client.list(context(), { namespace: 'default' })).items).toEqual([updated]);
    await client.patch(context(), at('a'), 'merge', { data: { x: '2' } });
    await client.delete(context(), at('a'));
    await expect(client.get(context(), at('a'))).rejects.toSatisfy(isNotFound);
    expect(server.seen[0]).toBe('POST /clusters/lab/api/v1/namespaces/default/configmaps');
  });

  test('follows a watch from a revision until it is told to stop', async () => {
    const client = connect().resource(configmaps);
    const first = await client.create(context(), object('a'));
    await client.create(context(), object('b'));
    const seen: WatchEvent[] = [];
    for await (const event of client.watch(context(), { resourceVersion: first.metadata.resourceVersion })) {
      seen.push(event);
      if (seen.length === 1) await client.delete(context(), at('a'));
      if (seen.length === 2) break;
    }
    expect(seen.map(({ type, object: { metadata } }) => `${type} ${metadata.name}`)).toEqual(['ADDED b', 'DELETED a']);
  });

  test('an unreachable server is a TransportError, an aborted context its own reason', async () => {
    const client = connect().resource(configmaps);
    await server.stop();
    await expect(client.list(context())).rejects.toBeInstanceOf(TransportError);
    abort.abort(new Error('enough'));
    await expect(client.list(context())).rejects.toThrow('enough');
  });
});

test('what only reads is sent again when its connection breaks; what writes is not', async () => {
  let broken = 0;
  server.intercept = (request) => {
    broken += 1;
    if (broken > 1) return false;
    request.socket.destroy();
    return true;
  };
  const client = createKubeClient({ server: server.url }).resource(configmaps);
  expect((await client.list(context())).items).toEqual([]);
  broken = 0;
  await expect(client.create(context(), object('a'))).rejects.toBeInstanceOf(TransportError);
  expect(server.seen).toHaveLength(3);
});

test('asks again after Retry-After, by the clock', async () => {
  let refusals = 0;
  server.intercept = (_, response) => {
    if (refusals > 0) return false;
    refusals += 1;
    response.writeHead(429, { 'retry-after': '7' }).end();
    return true;
  };
  const listing = createKubeClient({ server: server.url }).resource(configmaps).list(context());
  await expect.poll(() => clock.pending, { interval: 5 }).toBe(1);
  clock.step(6_999);
  expect(server.seen).toHaveLength(1);
  clock.step(1);
  expect((await listing).items).toEqual([]);
});

test('a 429 without Retry-After stands: an eviction is refused at once', async () => {
  server.intercept = (_, response) => {
    response.writeHead(429).end('budget');
    return true;
  };
  const error = await createKubeClient({ server: server.url })
    .resource(configmaps)
    .list(context())
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StatusError);
  expect(error).toMatchObject({ code: 429, reason: 'TooManyRequests', message: 'budget' });
});

test('a name without its namespace is a mistake of the caller', () => {
  const client = createKubeClient({ server: server.url }).resource(configmaps);
  expect(() => client.get(context(), { name: 'a' })).toThrow(TypeError);
});
