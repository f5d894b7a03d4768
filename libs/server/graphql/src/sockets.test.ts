import 'reflect-metadata';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import {
  admitEverything,
  Registry,
  type RequestContext,
  systemContext,
  withPermit,
  fixedResourceSets,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { ChangingRights } from '@binnacle/testing-cluster';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Client, createClient, type FormattedExecutionResult } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { LIMITS } from './cost/limits.js';
import { GraphqlModule } from './index.js';

interface Change {
  readonly type: string;
  readonly resourceVersion: string;
  readonly object: { readonly metadata: { readonly name: string }; readonly events?: readonly unknown[] } | null;
}
type Answer = FormattedExecutionResult<{ configMaps: Change }>;

let clock: FakeClock;
let ctx: RequestContext;
let stop: AbortController;
let registry: Registry;
let app: NestFastifyApplication;
let url: string;
let signedIn: boolean;
let rights: ChangingRights;
const clients: Client[] = [];
const raw: WebSocket[] = [];

const identify = ({ cookie }: IncomingHttpHeaders) =>
  cookie === 'who=admin' && signedIn ? Promise.resolve(ctx) : Promise.reject(newUnauthorized('Unauthorized'));

beforeEach(async () => {
  clock = new FakeClock();
  stop = new AbortController();
  ctx = systemContext({ signal: stop.signal, clock, logger: silentLogger }, 'main');
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  signedIn = true;
  rights = new ChangingRights(ctx);
  const module = GraphqlModule.of({
    registry,
    authorize: async (caller, { verb, definition, namespace = '', name = '', subresource = '' }) => {
      const { group, version, names } = definition;
      const resource = { group, version, resource: names.plural, namespace, name, subresource };
      return withPermit(caller, await rights.permit(caller, { user: caller.user, cluster: 'main', verb, resource }));
    },
    openRights: rights.open,
    identify: ({ headers }) => identify(headers),
    identifySocket: ({ headers }) => identify(headers),
  });
  app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  url = `ws://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/graphql`;
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  for (const socket of raw.splice(0)) socket.on('error', () => undefined).terminate();
  await app.close();
});

async function make(name: string): Promise<string> {
  const draft = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
  const store = registry.get('', 'v1', 'configmaps');
  return store.decode(await store.create(ctx, { namespace: 'default' }, draft)).metadata.resourceVersion ?? '';
}

function connect(): Client {
  class SignedInSocket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { headers: { cookie: 'who=admin' } });
    }
  }
  const client = createClient({ url, webSocketImpl: SignedInSocket, retryAttempts: 0 });
  clients.push(client);
  return client;
}

const CHANGES =
  'subscription ($at: String) { configMaps(resourceVersion: $at) { type resourceVersion object { FIELDS } } }';

function watch(client: Client, at?: string, fields = 'metadata { name }'): AsyncIterableIterator<Answer> {
  return client.iterate({
    query: CHANGES.replace('FIELDS', fields),
    variables: { at },
  }) as AsyncIterableIterator<Answer>;
}

/** What comes next, as type and name, or the codes of the errors. */
async function next(changes: AsyncIterator<Answer>): Promise<string> {
  const { value } = (await changes.next()) as { value?: Answer };
  if (value?.errors) return value.errors.map(({ extensions }) => String(extensions?.code)).join();
  const { type, object } = value?.data?.configMaps ?? {};
  return object ? `${type} ${object.metadata.name}` : String(type);
}

describe('operations over a socket', () => {
  test('are limited as they are over HTTP', async () => {
    const nested = (levels: number): string => (levels ? `owners { ${nested(levels - 1)} }` : 'kind');
    const asked = connect().iterate({ query: `{ pod(name: "a") { ${nested(30)} } }` });
    await expect(asked.next()).rejects.toMatchObject([{ message: expect.stringContaining('levels deep') }]);
  });

  test('say why they are refused, in the words of the API', async () => {
    const { value } = await connect().iterate({ query: '{ pod(name: "a") { kind } }' }).next();
    expect(value.errors).toMatchObject([{ extensions: { code: 'NotFound', status: { kind: 'Status', code: 404 } } }]);
  });

  test('that are no GraphQL leave the connection to the others', async () => {
    const client = connect();
    const others = watch(client);
    expect(await next(others)).toBe('BOOKMARK');
    await expect(client.iterate({ query: '{ pods( }' }).next()).rejects.toMatchObject([{ message: /Syntax Error/ }]);
    await make('a');
    expect(await next(others)).toBe('ADDED a');
  });

  test('are refused once the session has ended', async () => {
    const client = connect();
    expect(await next(watch(client))).toBe('BOOKMARK');
    signedIn = false;
    await expect(watch(client).next()).rejects.toMatchObject([{ extensions: { code: 'Unauthorized' } }]);
  });

  test('say what they cost', async () => {
    const { value } = await connect().iterate({ query: '{ whoami }' }).next();
    expect(value).toMatchObject({
      data: { whoami: 'system:apiserver' },
      extensions: { cost: { actual: expect.any(Number) } },
    });
  });

  test('that are refused before they run leave the connection to the others', async () => {
    const client = connect();
    const fields = Array.from({ length: 60 }, (_, at) => `a${at}: whoami`).join(' ');
    await expect(client.iterate({ query: `{ ${fields} }` }).next()).rejects.toMatchObject([
      { extensions: { code: 'RequestEntityTooLarge' } },
    ]);
    expect((await client.iterate({ query: '{ whoami }' }).next()).value).toMatchObject({
      data: { whoami: 'system:apiserver' },
    });
  });

  test('answer megabytes whole, in the message they belong to', async () => {
    const store = registry.get('', 'v1', 'configmaps');
    const data = { value: 'é'.repeat(200_000) };
    const draft = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'large' }, data };
    await store.create(ctx, { namespace: 'default' }, draft);
    const client = connect();
    const asked = (name: string) => client.iterate({ query: `{ ${name}: configMap(name: "large") { data } }` }).next();
    const [a, b] = await Promise.all([asked('a'), asked('b')]);
    expect([a?.value, b?.value]).toMatchObject([{ data: { a: { data } } }, { data: { b: { data } } }]);
  });

  test.each(['https://elsewhere.example', 'http://127.0.0.1:30080'])('are refused to a page of %s', async (origin) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { headers: { cookie: 'who=admin', origin } });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('403');
  });
});

describe('connections of an identity', () => {
  test('are so many and no more, and are given back', async () => {
    const open = () => {
      const socket = new WebSocket(url, 'graphql-transport-ws', { headers: { cookie: 'who=admin' } });
      raw.push(socket);
      return socket;
    };
    const sockets = Array.from({ length: LIMITS.connectionsAtOnce }, open);
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    const [, refused] = (await once(open(), 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(refused.statusCode).toBe(429);
    sockets[0]?.terminate();
    // The server hears of it when it does.
    await expect
      .poll(() =>
        once(open(), 'open').then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });
});

describe('connections nobody is known on', () => {
  const stranger = () => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    raw.push(socket);
    return socket;
  };
  const outcome = (socket: WebSocket) =>
    Promise.race([
      once(socket, 'open').then(() => 'open'),
      once(socket, 'unexpected-response').then(([, { statusCode }]) => String(statusCode)),
    ]);

  test('are closed once they say nothing that is believed', async () => {
    const socket = stranger();
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } }));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(4403);
  });

  test("are few, and stand in nobody else's way", async () => {
    const outcomes = await Promise.all(Array.from({ length: 101 }, stranger).map(outcome));
    expect(outcomes.filter((each) => each === 'open')).toHaveLength(100);
    expect(outcomes).toContain('429');
    expect((await connect().iterate({ query: '{ whoami }' }).next()).value).toBeDefined();
  });

  test('may send little', async () => {
    const socket = stranger();
    await once(socket, 'open');
    socket.send('x'.repeat(70_000));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });
});

describe('subscriptions', () => {
  test('that are interrupted while they tell the present state begin anew', async () => {
    await make('z');
    const { value } = (await watch(connect()).next()) as { value: Answer };
    const cursor = value.data?.configMaps.resourceVersion;
    await make('a');
    const again = watch(connect(), cursor);
    expect([await next(again), await next(again), await next(again)]).toEqual(['ADDED a', 'ADDED z', 'BOOKMARK']);
  });

  test('show what is related as it is at the change, not as it was at the first', async () => {
    const changes = watch(connect(), undefined, 'metadata { name } events { reason }');
    expect(await next(changes)).toBe('BOOKMARK');
    await make('a');
    await changes.next();
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'b.1' },
      involvedObject: { kind: 'ConfigMap', name: 'b', namespace: 'default' },
      reason: 'Seen',
    };
    await registry.get('', 'v1', 'events').create(ctx, { namespace: 'default' }, event);
    await make('b');
    const { value } = (await changes.next()) as { value: Answer };
    expect(value.data?.configMaps.object?.events).toEqual([{ reason: 'Seen' }]);
  });

  test.each([
    ['whose right is taken away', () => rights.refuse('watch'), [{ extensions: { code: 'Forbidden' } }]],
    ['whose session ends, with their connection,', () => rights.open.revoke({ user: ctx.user.name }), { code: 4403 }],
  ])('%s end with the reason', async (_, happens, why) => {
    const changes = watch(connect());
    expect(await next(changes)).toBe('BOOKMARK');
    happens();
    await expect(changes.next()).rejects.toMatchObject(why);
    await expect.poll(() => rights.open.size).toBe('code' in why ? 0 : 1);
  });

  test('are not told to be complete when the server stops, so that the client comes back', async () => {
    const client = connect();
    const closed = new Promise<CloseEvent>((resolve) => client.on('closed', (event) => resolve(event as CloseEvent)));
    const changes = watch(client);
    expect(await next(changes)).toBe('BOOKMARK');
    const end = changes.next().catch((error: unknown) => error);
    stop.abort();
    await app.close();
    expect((await closed).code).toBe(1001);
    expect(await end).toMatchObject({ code: 1001 });
  });
});
