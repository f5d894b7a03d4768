import 'reflect-metadata';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphqlModule } from './graphql.js';
import { liveModule } from './live.js';

const CONFIGS = '/api/v1/namespaces/default/configmaps';

let server: TestApiServer;
let socket: Socket;
/** The revision at which there was `gone` and not yet `new`. */
let before: number;

beforeAll(async () => {
  server = await startTestApiServer({ modules: (ctx, parts) => [graphqlModule(ctx, parts), liveModule(ctx, parts)] });
  const made = await server.raw.call(CONFIGS, { method: 'POST', body: { metadata: { name: 'gone' } } });
  before = Number(made.json.metadata.resourceVersion);
  await server.raw.call(`${CONFIGS}/gone`, { method: 'DELETE' });
  await server.raw.call(CONFIGS, { method: 'POST', body: { metadata: { name: 'new' } } });
  const { ca, cert, key } = server.admin;
  socket = io(server.url, { transports: ['websocket'], ca, cert, key, reconnection: false, forceNew: true } as object);
  await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('connect_error', reject);
  });
});

afterAll(async () => {
  socket.disconnect();
  await server.close();
});

const ask = async (place: string, query: string) => {
  const { status, json } = await server.raw.call(`${place}/graphql`, { method: 'POST', body: { query } });
  return { status, ...json };
};
const LIST = '{ configMaps(namespace: "default") { resourceVersion nodes { metadata { name } } } }';

describe('GraphQL over the past', () => {
  test('reads what there was', async () => {
    const then = (await ask(`/clusters/main@${before}`, LIST)).data.configMaps;
    expect(then).toEqual({ resourceVersion: String(before), nodes: [{ metadata: { name: 'gone' } }] });
    expect((await ask('', LIST)).data.configMaps.nodes).toEqual([{ metadata: { name: 'new' } }]);
  });

  test('changes nothing', async () => {
    const mutation = 'mutation { delete(apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "gone") }';
    const { errors } = await ask(`/clusters/main@${before}`, mutation);
    expect(errors[0].message).toMatch(/the past is read only$/);
  });

  test('lists what has changed', async () => {
    const query = '{ changes(namespace: "default", first: 2) { nodes { spec { verb name user } } } }';
    const { nodes } = (await ask('', query)).data.changes;
    expect(nodes.map(({ spec }: { spec: object }) => spec)).toEqual([
      { verb: 'create', name: 'new', user: 'kubernetes-admin' },
      { verb: 'delete', name: 'gone', user: 'kubernetes-admin' },
    ]);
  });

  test('says which moment is none', async () => {
    const { code, message } = await ask('/clusters/main@lunch', LIST);
    expect([code, message]).toEqual([400, expect.stringMatching(/neither a revision nor a time/)]);
  });
});

interface Snapshot {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

test('a live window of the past shows what there was, and stays as it is', async () => {
  const snapshot = new Promise<Snapshot>((resolve) => socket.once('snapshot', resolve));
  const window = { cluster: `main@${before}`, version: 'v1', resource: 'configmaps', namespace: 'default' };
  expect(await socket.emitWithAck('subscribe', { id: '1', ...window })).toEqual({ ok: true });
  expect((await snapshot).items.map(({ metadata }) => metadata.name)).toEqual(['gone']);
  let told = false;
  socket.on('delta', () => (told = true));
  await server.raw.call(CONFIGS, { method: 'POST', body: { metadata: { name: 'newest' } } });
  const present = new Promise<Snapshot>((resolve) => socket.once('snapshot', resolve));
  await socket.emitWithAck('subscribe', { id: '2', ...window, cluster: 'main' });
  expect((await present).items.map(({ metadata }) => metadata.name)).toEqual(['new', 'newest']);
  expect(told).toBe(false);
});

test('a live window of a moment that has not come is refused', async () => {
  const answer = await socket.emitWithAck('subscribe', {
    id: '3',
    cluster: 'main@99999999',
    version: 'v1',
    resource: 'configmaps',
  });
  expect(JSON.stringify(answer)).toMatch(/has not come/);
});
