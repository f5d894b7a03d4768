import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Clock, type Context, silentLogger } from '@binnacle/machinery-context';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKubeClient, type KubeClient, type ResourceRef } from './index.js';

const configmaps: ResourceRef = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const ctx = (signal = new AbortController().signal): Context => ({ clock, logger: silentLogger, signal });
/** Time as it is: these tests wait for sockets. */
const clock: Clock = {
  now: () => Date.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};
let server: TestApiServer;
let client: KubeClient;

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  client = createKubeClient(server.admin);
});
afterAll(async () => {
  await client.close();
  await server.close();
});

const create = (name: string) =>
  client
    .resource(configmaps)
    .create(ctx(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });

function connections(): number {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles(): { remotePort?: number }[] };
  const port = Number(new URL(server.url).port);
  return handles.call(process).filter(({ remotePort }) => remotePort === port).length;
}

test('a hundred watches share a connection, and each is told and ends by itself', async () => {
  const before = connections();
  const aborts = Array.from({ length: 100 }, () => new AbortController());
  const iterators = aborts.map(({ signal }) =>
    client.resource(configmaps).watch(ctx(signal), {})[Symbol.asyncIterator](),
  );
  const firsts = iterators.map(async (iterator) => {
    for (let event = await iterator.next(); !event.done; event = await iterator.next())
      if (event.value.object.metadata.name === 'told') return 'told';
    return 'ended';
  });
  const open = () =>
    client
      .raw(ctx(), 'GET', '/metrics')
      .then(({ body }) =>
        Number(
          /apiserver_longrunning_requests\{verb="WATCH",group="",version="v1",resource="configmaps"\S* (\d+)/.exec(
            body,
          )?.[1] ?? 0,
        ),
      );
  await expect.poll(open).toBe(100);
  expect(connections() - before).toBeLessThan(4);
  await create('told');
  expect(new Set(await Promise.all(firsts))).toEqual(new Set(['told']));
  aborts[0]?.abort(new Error('enough'));
  await expect(iterators[0]?.next()).rejects.toThrow('enough');
  await expect.poll(open).toBe(99);
  for (const abort of aborts) abort.abort(new Error('over'));
  await expect.poll(open).toBe(0);
});

test('what the server refuses is said as for any request', async () => {
  const secrets = { ...configmaps, plural: 'nothings' };
  const watch = client.resource(secrets).watch(ctx(), {})[Symbol.asyncIterator]();
  await expect(watch.next()).rejects.toMatchObject({ code: 404 });
});

test('a stream to a server that is not there fails as a request does', async () => {
  const lost = createKubeClient({ ...server.admin, server: 'https://127.0.0.1:1' });
  const watch = lost.resource(configmaps).watch(ctx(), {})[Symbol.asyncIterator]();
  await expect(watch.next()).rejects.toMatchObject({ name: 'TransportError' });
  await lost.close();
});

/** Reads a watch to its end. */
async function drained(watch: AsyncIterator<unknown>): Promise<void> {
  for (let event = await watch.next(); !event.done; event = await watch.next());
}

test('a watch whose connection breaks fails, and another goes on over a new one', async () => {
  const cables = new Set<Socket>();
  const between = createServer((near) => {
    const far = connect(Number(new URL(server.url).port), '127.0.0.1');
    for (const socket of [near, far]) cables.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  await once(between.listen(0, '127.0.0.1'), 'listening');
  const { port } = between.address() as AddressInfo;
  const own = createKubeClient({ ...server.admin, server: `https://127.0.0.1:${port}` });
  const open = () => own.resource(configmaps).watch(ctx(), {})[Symbol.asyncIterator]();
  const watch = open();
  await watch.next();
  for (const cable of cables) cable.destroy();
  await expect(drained(watch)).rejects.toMatchObject({ name: 'TransportError' });
  await expect(open().next()).resolves.toMatchObject({ done: false });
  await own.close();
  for (const cable of cables) cable.destroy();
  await once(between.close(), 'close');
});

test('a watch whose client is closed fails: it has not come to its end', async () => {
  const own = createKubeClient(server.admin);
  const watch = own.resource(configmaps).watch(ctx(), {})[Symbol.asyncIterator]();
  await watch.next();
  await own.close();
  await expect(drained(watch)).rejects.toMatchObject({ name: 'TransportError' });
});
