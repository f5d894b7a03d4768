import 'reflect-metadata';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import fc from 'fast-check';
import { type Client, createClient } from 'graphql-ws';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { graphqlModule } from './graphql.js';
import { liveModule } from './live.js';

const VISIBLE = { 'binnacle-visible': 'true' };
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const NAMESPACES = ['a', 'b', 'c'] as const;
const GROUP = 'rbac.authorization.k8s.io';

let server: TestApiServer;
let config: TestApiServer['admin'];
let ada: RawApi;
const closing: (() => void)[] = [];

beforeAll(async () => {
  const modules = (...args: Parameters<typeof liveModule>) => [liveModule(...args), graphqlModule(...args)];
  server = await startTestApiServer({ modules });
  const resources = ['secrets', 'namespaces', 'pods', 'services'];
  const rules = [{ apiGroups: [''], resources, verbs: ['get', 'list', 'watch'] }];
  await send('POST', `${RBAC}/clusterroles`, { metadata: { name: 'sees' }, rules });
  for (const name of NAMESPACES) await send('POST', '/api/v1/namespaces', { metadata: { name } });
  config = await server.configFor('ada');
  ada = new RawApi(config);
});
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await cleanUp();
});
afterAll(async () => {
  ada.close();
  await server.close();
});

const send = (method: string, path: string, body?: object) => server.raw.call(path, { method, body });

async function cleanUp(): Promise<void> {
  await take({ do: 'revoke', namespace: '' });
  for (const namespace of NAMESPACES) {
    await take({ do: 'revoke', namespace });
    for (const name of ['x', 'y']) await take({ do: 'remove', namespace, name });
  }
}

/** Bindings of the whole cluster for the empty one. */
function bindingsIn(namespace: string): string {
  return namespace ? `${RBAC}/namespaces/${namespace}/rolebindings` : `${RBAC}/clusterrolebindings`;
}

type Step =
  | { readonly do: 'grant' | 'revoke'; readonly namespace: string }
  | { readonly do: 'write' | 'remove'; readonly namespace: string; readonly name: string };

let writes = 0;
async function take(step: Step): Promise<void> {
  const { namespace } = step;
  if (!('name' in step)) {
    if (step.do === 'revoke') return void (await send('DELETE', `${bindingsIn(namespace)}/ada`));
    const roleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: 'sees' };
    const subjects = [{ apiGroup: GROUP, kind: 'User', name: 'ada' }];
    return void (await send('POST', bindingsIn(namespace), { metadata: { name: 'ada' }, roleRef, subjects }));
  }
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  if (step.do === 'remove') return void (await send('DELETE', `${secrets}/${step.name}`));
  const body = { metadata: { name: step.name }, stringData: { at: String((writes += 1)) } };
  const { status } = await send('POST', secrets, body);
  if (status === 409) await send('PUT', `${secrets}/${step.name}`, body);
}

interface KubeObject {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion: string };
}
type State = Map<string, string>;

function note(state: State, type: string, { metadata }: KubeObject): void {
  const id = `${metadata.namespace}/${metadata.name}`;
  if (type === 'DELETED') state.delete(id);
  else state.set(id, metadata.resourceVersion);
}

/** Somebody who follows all Secrets by one protocol, and is told when they may not. */
interface Follower {
  readonly name: string;
  /** Undefined where it is refused. */
  state: State | undefined;
  /** Begins where it has ended. */
  start(): Promise<void>;
}

function overHttp(): Follower {
  let isRunning = false;
  const follower: Follower = { name: 'HTTP', state: undefined, start };
  async function start(): Promise<void> {
    if (isRunning) return;
    const { status, json } = await ada.call('/api/v1/secrets', { headers: VISIBLE });
    if (status === 403) return void (follower.state = undefined);
    const state: State = new Map();
    for (const object of json.items) note(state, 'ADDED', object);
    follower.state = state;
    const path = `/api/v1/secrets?watch=true&resourceVersion=${json.metadata.resourceVersion}`;
    const watch = await ada.watch(path, VISIBLE);
    if (watch.status !== 200) return watch.close();
    closing.push(() => watch.close());
    isRunning = true;
    void read(watch, state).finally(() => (isRunning = false));
  }
  async function read(watch: Awaited<ReturnType<RawApi['watch']>>, state: State): Promise<void> {
    try {
      for await (const { type, object } of watch) if (type !== 'ERROR') note(state, type, object);
    } catch {
      // Closed with the test.
    }
  }
  return follower;
}

function overSockets(socket: Socket): Follower {
  const query = { id: 'all', cluster: 'main', version: 'v1', resource: 'secrets' };
  let isRunning = false;
  const follower: Follower = {
    name: 'Socket.IO',
    state: undefined,
    async start() {
      if (isRunning) return;
      isRunning = true;
      const answer = (await socket.emitWithAck('subscribe', query)) as { error?: { code: number } };
      if (!answer.error) return;
      isRunning = false;
      follower.state = undefined;
    },
  };
  socket.on('snapshot', ({ first, items }: { first: boolean; items: KubeObject[] }) => {
    if (first) follower.state = new Map();
    for (const object of items) note(follower.state as State, 'ADDED', object);
  });
  socket.on('changes', ({ changes }: { changes: { type: string; object: KubeObject }[] }) => {
    for (const { type, object } of changes) note(follower.state as State, type, object);
  });
  socket.on('relist', () => (isRunning = false));
  return follower;
}

interface Row {
  readonly type: string;
  readonly resourceVersion: string;
  readonly object: KubeObject | null;
}

function overGraphql(client: Client): Follower {
  let isRunning = false;
  const query =
    'subscription { secrets { type resourceVersion object { metadata { namespace name resourceVersion } } } }';
  let cursor = 0;
  const follower: Follower = {
    name: 'GraphQL',
    state: undefined,
    async start() {
      if (isRunning) return;
      [isRunning, cursor] = [true, 0];
      const state: State = new Map();
      const ended = (error: unknown) => {
        isRunning = false;
        if (JSON.stringify(error).includes('"Forbidden"')) follower.state = undefined;
      };
      const next = ({ data }: { data?: unknown }) => {
        const { type, object, resourceVersion } = (data as { secrets: Row }).secrets;
        // Where to resume from never goes back.
        expect(Number(resourceVersion)).toBeGreaterThanOrEqual(cursor);
        cursor = Number(resourceVersion);
        follower.state = state;
        if (object) note(state, type, object);
      };
      client.subscribe({ query }, { next, error: ended, complete: () => ended('') });
    },
  };
  return follower;
}

async function truth(): Promise<unknown> {
  const { status, json } = await ada.call('/api/v1/secrets', { headers: VISIBLE });
  if (status === 403) return undefined;
  const state: State = new Map();
  for (const object of json.items) note(state, 'ADDED', object);
  return [...state].sort();
}

async function agree(followers: readonly Follower[]): Promise<void> {
  const right = await truth();
  for (const follower of followers) {
    const told = async () => {
      await follower.start();
      return follower.state && [...follower.state].sort();
    };
    await expect.poll(told, { timeout: 20_000, interval: 10, message: follower.name }).toEqual(right);
  }
}

async function connect(): Promise<Follower[]> {
  const { ca, cert, key } = config;
  const socket = io(server.url, { transports: ['websocket'], ca, cert, key, forceNew: true } as object);
  closing.push(() => socket.disconnect());
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  class Own extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { ca, cert, key } as object);
    }
  }
  const client = createClient({
    url: `${server.url.replace('https', 'wss')}/graphql`,
    webSocketImpl: Own,
    retryAttempts: 0,
  });
  closing.push(() => void client.dispose());
  return [overHttp(), overSockets(socket), overGraphql(client)];
}

const namespace = fc.constantFrom(...NAMESPACES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('grant' as const, 'revoke' as const),
    namespace: fc.constantFrom('', ...NAMESPACES),
  }),
  fc.record({ do: fc.constantFrom('grant' as const, 'revoke' as const), namespace }),
  fc.record({ do: fc.constant('write' as const), namespace, name: fc.constantFrom('x', 'y') }),
  fc.record({ do: fc.constantFrom('write' as const, 'remove' as const), namespace, name: fc.constantFrom('x', 'y') }),
);

test('by every protocol, whatever happens, one has what a list gives: not more and not less', async () => {
  const steps = fc.array(fc.tuple(step, fc.boolean()), { minLength: 15, maxLength: 25 });
  for (const run of fc.sample(steps, { numRuns: 3, seed: 11 })) {
    const followers = await connect();
    await take({ do: 'grant', namespace: 'a' });
    for (const [one, looks] of run) {
      await take(one);
      if (looks) await agree(followers);
    }
    await agree(followers);
    for (const close of closing.splice(0)) close();
    await cleanUp();
  }
}, 120_000);

async function ask(query: string) {
  const { status, json } = await ada.call('/graphql', { method: 'POST', body: { query } });
  return { status, ...json } as { status: number; data: Record<string, never>; errors?: Record<string, unknown>[] };
}

test('counts, totals and pages of GraphQL are of what one may see', async () => {
  for (const one of NAMESPACES) for (const name of ['x', 'y']) await take({ do: 'write', namespace: one, name });
  for (const one of ['a', 'c']) await take({ do: 'grant', namespace: one });
  const { data, status } = await ask(`{
    secrets(first: 3) { totalCount hasNextPage endCursor nodes { metadata { namespace name } } }
    sorted: secrets(sort: [{ path: "metadata.name" }]) { totalCount nodes { metadata { namespace } } }
    named: secrets(fieldSelector: "metadata.namespace=b") { totalCount }
    namespaces { totalCount nodes { metadata { name } } }
  }`);
  expect([status, data]).toMatchObject([
    200,
    {
      secrets: { totalCount: 4, hasNextPage: true, nodes: [{ metadata: { namespace: 'a' } }, {}, {}] },
      sorted: { totalCount: 4 },
      named: { totalCount: 0 },
      namespaces: { totalCount: 2, nodes: [{ metadata: { name: 'a' } }, { metadata: { name: 'c' } }] },
    },
  ]);
});

test('a part that is refused is null with an error at its path, and the rest stands', async () => {
  await take({ do: 'grant', namespace: 'a' });
  await take({ do: 'write', namespace: 'a', name: 'x' });
  const { status, data, errors } = await ask(`{
    secrets(namespace: "a") { totalCount }
    nodes { totalCount }
    hidden: secret(namespace: "b", name: "x") { kind }
    past: configMaps(namespace: "a") { totalCount }
  }`);
  expect([status, data]).toMatchObject([200, { secrets: { totalCount: 1 }, nodes: null, hidden: null, past: null }]);
  const told = errors?.map(({ path, extensions }) => [path, extensions]);
  expect(told).toMatchObject([
    [['nodes'], { code: 'Forbidden', needs: { verb: 'list', group: '', resource: 'nodes', namespace: '' } }],
    [['hidden'], { code: 'Forbidden', needs: { verb: 'get', resource: 'secrets', namespace: 'b', name: 'x' } }],
    [['past'], { code: 'Forbidden', needs: { verb: 'list', resource: 'configmaps', namespace: 'a' } }],
  ]);
});

test('the past of a cluster shows no more than the present', async () => {
  await take({ do: 'grant', namespace: 'a' });
  for (const one of NAMESPACES) await take({ do: 'write', namespace: one, name: 'x' });
  const { json } = await ada.call('/api/v1/secrets', { headers: VISIBLE });
  const at = `/clusters/main@${json.metadata.resourceVersion}`;
  const { json: then } = await ada.call(`${at}/api/v1/secrets`, { headers: VISIBLE });
  expect(then.items.map(({ metadata }: KubeObject) => metadata.namespace)).toEqual(['a']);
  const query = '{ secrets { totalCount nodes { metadata { namespace } } } }';
  const past = await ada.call(`${at}/graphql`, { method: 'POST', body: { query } });
  expect(past.json.data.secrets).toEqual({ totalCount: 1, nodes: [{ metadata: { namespace: 'a' } }] });
  expect((await ada.call(`${at}/api/v1/namespaces/b/secrets`)).status).toBe(403);
});
