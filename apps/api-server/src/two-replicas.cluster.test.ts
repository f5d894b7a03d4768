import 'reflect-metadata';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import {
  RawApi,
  type ReplicatedStorage,
  replicatedStorage,
  startTestApiServer,
  type TestApiServer,
} from '@binnacle/testing-cluster';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveModule } from './live.js';

const abort = new AbortController();
const ctx: Context = { signal: abort.signal, clock: systemClock, logger: silentLogger };
const GROUP = 'rbac.authorization.k8s.io';
const BINDINGS = `/apis/${GROUP}/v1/namespaces/default/rolebindings`;
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

let stores: ReplicatedStorage;
const servers: TestApiServer[] = [];
/** As jane, at the second server. */
let jane: RawApi;
let socket: Socket;

beforeAll(async () => {
  stores = await replicatedStorage(ctx, 2);
  const modules = (...parts: Parameters<typeof liveModule>) => [liveModule(...parts)];
  for (const storage of stores.storages) servers.push(await startTestApiServer({ storage, modules }));
  const config = await there().configFor('jane');
  jane = new RawApi(config);
  const { ca, cert, key } = config;
  socket = io(there().url, { transports: ['websocket'], ca, cert, key, reconnection: false, forceNew: true } as object);
  await new Promise((resolve, reject) => socket.once('connect', () => resolve('')).once('connect_error', reject));
});
afterAll(async () => {
  abort.abort(new Error('over'));
  socket.disconnect();
  jane.close();
  await Promise.all(servers.map((server) => server.close()));
  await stores.dispose();
});

const here = () => servers[0] as TestApiServer;
const there = () => servers[1] as TestApiServer;

const binding = {
  metadata: { name: 'jane' },
  roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'binnacle:viewer' },
  subjects: [{ apiGroup: GROUP, kind: 'User', name: 'jane' }],
};

/** How jane's right to look is taken away, by what is written to the first server. */
const TAKEN: Readonly<Record<string, () => ReturnType<RawApi['call']>>> = {
  'its binding is deleted': () => here().raw.call(`${BINDINGS}/jane`, { method: 'DELETE' }),
  'its binding is for somebody else': () =>
    here().raw.call(`${BINDINGS}/jane`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ subjects: [{ apiGroup: GROUP, kind: 'User', name: 'bob' }] }),
    }),
};

test.each(Object.entries(TAKEN))(
  'what is open at one server ends within a second when at another %s',
  async (_, take) => {
    await here().raw.call(`${BINDINGS}/jane`, { method: 'DELETE' });
    expect((await here().raw.call(BINDINGS, { method: 'POST', body: binding })).status).toBe(201);
    await expect.poll(async () => (await jane.call(CONFIG_MAPS)).status, { interval: 20, timeout: 5_000 }).toBe(200);
    const watch = await jane.watch(`${CONFIG_MAPS}?watch=true`);
    const watched = (async () => {
      for await (const _event of watch);
    })();
    const query = { id: '1', cluster: 'main', version: 'v1', resource: 'configmaps', namespace: 'default' };
    expect(await socket.emitWithAck('subscribe', query)).toEqual({ ok: true });
    const refused = new Promise<{ status: { code: number } }>((resolve) => socket.once('relist', resolve));
    const began = performance.now();
    expect((await take()).status).toBe(200);
    const [{ status }] = await Promise.all([refused, watched]);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(status.code).toBe(403);
    expect((await jane.call(CONFIG_MAPS)).status).toBe(403);
  },
);
