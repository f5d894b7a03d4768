import 'reflect-metadata';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveModule } from './live.js';

let server: TestApiServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory', modules: (ctx, parts) => [liveModule(ctx, parts)] });
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.close();
});

interface Snapshot {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

async function connect(user: string, groups: string[], transport = 'websocket'): Promise<Socket> {
  const { ca, cert, key } = await server.configFor(user, groups);
  const options = { transports: [transport], ca, cert, key, reconnection: false, forceNew: true };
  const socket = io(server.url, options as object);
  sockets.push(socket);
  await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('connect_error', reject);
  });
  return socket;
}

test.each(['websocket', 'polling'])('a client certificate is believed (%s)', async (transport) => {
  const socket = await connect('somebody', ['system:masters'], transport);
  const snapshot = new Promise<Snapshot>((resolve) => socket.once('snapshot', resolve));
  const query = { id: '1', cluster: 'main', version: 'v1', resource: 'namespaces' };
  expect(await socket.emitWithAck('subscribe', query)).toEqual({ ok: true });
  expect((await snapshot).items.map(({ metadata }) => metadata.name)).toContain('default');
});

async function bindTo(user: string): Promise<void> {
  const group = 'rbac.authorization.k8s.io';
  const binding = {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: user },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'view' },
    subjects: [{ apiGroup: group, kind: 'User', name: user }],
  };
  const path = `/apis/${group}/v1/namespaces/default/rolebindings`;
  expect((await server.raw.call(path, { method: 'POST', body: binding })).status).toBe(201);
}

test('whose rights change is told within a second, and nobody else', async () => {
  const heard: string[] = [];
  const [ann, bob] = [await connect('ann', []), await connect('bob', [])];
  for (const [name, socket] of Object.entries({ ann, bob })) {
    socket.on('rights', ({ id }: { id: string }) => heard.push(`${name} ${id}`));
    expect(await socket.emitWithAck('followRights', { id: 'r1', cluster: 'main' })).toEqual({ ok: true });
  }
  const told = new Promise((resolve) => ann.once('rights', resolve));
  const began = performance.now();
  await bindTo('ann');
  await told;
  expect(performance.now() - began).toBeLessThan(1_000);
  // What is answered later was decided later: nothing is on its way to bob.
  await bob.emitWithAck('followRights', { id: 'r2', cluster: 'main' });
  expect(heard).toEqual(['ann r1']);
});
