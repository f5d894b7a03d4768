import 'reflect-metadata';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { request } from 'node:http';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { silentLogger } from '@binnacle/machinery-context';
import { newForbidden, newUnauthorized, type UnstructuredObject } from '@binnacle/machinery-meta';
import { systemClock } from '@binnacle/process-lifecycle';
import {
  asServer,
  admitEverything,
  Registry,
  type RequestContext,
  systemContext,
  fixedResourceSets,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { ChangingRights } from '@binnacle/testing-cluster';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { LiveModule } from './live.module.js';
import { OpenByIdentity } from './open-by-identity.js';

interface Snapshot {
  readonly id: string;
  readonly resourceVersion: string;
  readonly items: readonly UnstructuredObject[];
}

interface Changes {
  readonly id: string;
  readonly resourceVersion: string;
  readonly changes: ReadonlyArray<{ readonly type: string; readonly object: UnstructuredObject }>;
}

let ctx: RequestContext;
let registry: Registry;
let app: NestFastifyApplication;
let port: number;
const sockets: Socket[] = [];
let rights: ChangingRights;
let signedIn: boolean;
/** As whom lists were asked for. */
let asked: string[] = [];

const query = { cluster: 'main', version: 'v1', resource: 'configmaps' };

async function make(name: string): Promise<void> {
  const draft = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
  await registry.get('', 'v1', 'configmaps').create(ctx, { namespace: 'default' }, draft);
}

function open(headers: Record<string, string> = { cookie: 'who=admin' }, transports = ['websocket']): Socket {
  const socket = io(`http://127.0.0.1:${port}`, {
    transports,
    extraHeaders: headers,
    reconnection: false,
    forceNew: true,
  });
  sockets.push(socket);
  return socket;
}

/** The first message of this kind; to be asked for before what brings it about. */
function next<T>(socket: Socket, event: string): Promise<T> {
  return new Promise((resolve) => socket.once(event, resolve));
}

beforeEach(async () => {
  asked = [];
  signedIn = true;
  ctx = systemContext({ signal: new AbortController().signal, clock: systemClock, logger: silentLogger }, 'main');
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  rights = new ChangingRights(ctx);
  const module = LiveModule.of({
    registry,
    cluster: 'main',
    identify:
      ({ headers }) =>
      (_cluster, more = {}) => {
        const as = more['impersonate-user'];
        if (headers.cookie !== 'who=admin' || !signedIn) return Promise.reject(newUnauthorized('Unauthorized'));
        if (as === 'root') return Promise.reject(newForbidden({ group: '', resource: 'users' }, 'root', 'no'));
        return Promise.resolve(as ? { ...ctx, user: { name: String(as), groups: [] } } : ctx);
      },
    authorize: (caller) => {
      asked.push(caller.user.name);
      return Promise.resolve(asServer(caller));
    },
    followRights: (caller, changed) => {
      asked.push(`rights of ${caller.user.name}`);
      queueMicrotask(changed);
      return Promise.resolve(() => undefined);
    },
    openRights: rights.open,
  });
  app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  port = (app.getHttpServer().address() as AddressInfo).port;
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await app.close();
});

describe('the live gateway', () => {
  test.each(['websocket', 'polling'])('sends objects as they are stored (%s)', async (transport) => {
    await make('a');
    const socket = open(undefined, [transport]);
    await next(socket, 'connect');
    const snapshot = next<Snapshot>(socket, 'snapshot');
    expect(await socket.emitWithAck('subscribe', { id: '1', ...query })).toEqual({ ok: true });
    expect((await snapshot).items).toMatchObject([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }]);
    const changes = next<Changes>(socket, 'changes');
    await make('b');
    expect((await changes).changes).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'b' } } }]);
  });

  test('a lost connection resumes where it was', async () => {
    await make('a');
    const first = open();
    await next(first, 'connect');
    const snapshot = next<Snapshot>(first, 'snapshot');
    await first.emitWithAck('subscribe', { id: '1', ...query });
    const { resourceVersion } = await snapshot;
    first.disconnect();
    await make('b');
    const second = open();
    await next(second, 'connect');
    const changes = next<Changes>(second, 'changes');
    second.once('snapshot', () => expect.unreachable('a resumed list has no snapshot'));
    await second.emitWithAck('subscribe', { id: '1', ...query, resourceVersion });
    expect((await changes).changes).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'b' } } }]);
  });

  test.each(['websocket', 'polling'])('who looks as somebody else is somebody else (%s)', async (transport) => {
    const as = (impersonate: unknown) => {
      const options = { extraHeaders: { cookie: 'who=admin' }, reconnection: false, forceNew: true };
      const socket = io(`http://127.0.0.1:${port}`, { ...options, transports: [transport], auth: { impersonate } });
      sockets.push(socket);
      return socket;
    };
    const jane = as({ user: 'jane', groups: [] });
    await next(jane, 'connect');
    expect(await jane.emitWithAck('subscribe', { id: '1', ...query })).toEqual({ ok: true });
    expect(new Set(asked)).toEqual(new Set(['jane']));
    const refused = await next<Error & { data: unknown }>(as({ user: 'root', groups: [] }), 'connect_error');
    expect(refused.data).toMatchObject({ code: 403 });
    const misread = await next<Error & { data: unknown }>(as('jane'), 'connect_error');
    expect(misread.data).toMatchObject({ code: 400 });
  });

  test('tells when rights have changed', async () => {
    const socket = open();
    await next(socket, 'connect');
    const told = next(socket, 'rights');
    expect(await socket.emitWithAck('followRights', { id: 'r', cluster: 'main' })).toEqual({ ok: true });
    expect(await told).toEqual({ id: 'r' });
    expect(asked).toEqual([`rights of ${ctx.user.name}`]);
  });

  test.each(['websocket', 'polling'])('who is not believed any more is hung up on at once (%s)', async (transport) => {
    const socket = open(undefined, [transport]);
    await next(socket, 'connect');
    const gone = next<string>(socket, 'disconnect');
    signedIn = false;
    rights.open.revoke({ user: 'somebody else' });
    expect(rights.open.size).toBe(1);
    rights.open.revoke({ user: ctx.user.name });
    expect(await gone).toMatch(/^transport/);
    expect(rights.open.size).toBe(0);
  });

  test('who is not signed in is told so', async () => {
    const error = await next<Error & { data: unknown }>(open({}), 'connect_error');
    expect(error.data).toMatchObject({ kind: 'Status', code: 401 });
  });

  test("who is not believed is one of few, and stands in nobody else's way", async () => {
    const strangers = Array.from(
      { length: 101 },
      () => new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`),
    );
    const outcomes = await Promise.all(
      strangers.map((socket) =>
        Promise.race([
          once(socket, 'open').then(() => 'open'),
          once(socket, 'unexpected-response').then(([, { statusCode }]) => String(statusCode)),
        ]),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'open')).toHaveLength(100);
    const [refused] = outcomes.filter((outcome) => outcome !== 'open');
    expect(refused).toBe('400');
    await next(open(), 'connect');
    for (const socket of strangers) socket.terminate();
  });

  test('an identity has so many live lists open and no more, over all of its connections', () => {
    const share = new OpenByIdentity(2, 'live lists');
    const [first] = [share.enter(ctx), share.enter(ctx)];
    expect(() => share.enter(ctx)).toThrow(expect.objectContaining({ reason: 'TooManyRequests' }));
    const other = { ...ctx, user: { name: 'other', groups: [] } };
    expect(() => share.enter(other)).not.toThrow();
    first?.();
    first?.();
    share.enter(ctx);
    expect(() => share.enter(ctx)).toThrow(expect.objectContaining({ reason: 'TooManyRequests' }));
  });

  test('a page of another site is refused', async () => {
    const socket = open({ cookie: 'who=admin', origin: 'https://elsewhere.example' });
    await next(socket, 'connect_error');
    const own = open({ cookie: 'who=admin', origin: `http://127.0.0.1:${port}` });
    await next(own, 'connect');
  });

  test('other protocols may upgrade on the same port', async () => {
    app.getHttpServer().on('upgrade', (incoming, socket) => {
      if (incoming.url === '/other')
        socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
    });
    const upgrade = request({
      port,
      host: '127.0.0.1',
      path: '/other',
      headers: { connection: 'upgrade', upgrade: 'x' },
    });
    upgrade.end();
    const [response] = (await once(upgrade, 'upgrade')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(101);
  });

  test('a socket that is closed ends its subscriptions, and so does the server', async () => {
    const socket = open();
    await next(socket, 'connect');
    await socket.emitWithAck('subscribe', { id: '1', ...query });
    const gone = next<string>(socket, 'disconnect');
    await app.close();
    expect(['transport close', 'io server disconnect']).toContain(await gone);
  });
});
