import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { ServerEvent, SubscribeAnswer } from '@binnacle/machinery-live';
import { newUnauthorized, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  asServer,
  admitEverything,
  withPermit,
  type CallerContext,
  Registry,
  type RequestContext,
  systemContext,
  fixedResourceSets,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { ChangingRights, ChangingSets, widgets } from '@binnacle/testing-cluster';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type LiveConnection, LiveSession, type RawJson } from './index.js';

interface Sent {
  readonly event: ServerEvent;
  readonly message: {
    id: string;
    resourceVersion: string;
    first?: boolean;
    last?: boolean;
    items?: UnstructuredObject[];
    changes?: { type: string; object: UnstructuredObject }[];
    status?: { code: number };
  };
}

class FakeConnection implements LiveConnection {
  readonly sent: Sent[] = [];
  waiting = 0;
  dropped = 0;
  send(event: ServerEvent, message: RawJson): void {
    this.sent.push({ event, message: JSON.parse(message.text) as Sent['message'] });
  }
  backlog = () => this.waiting;
  drop = () => {
    this.dropped += 1;
  };
}

let clock: FakeClock;
let ctx: RequestContext;
let storage: MemoryStorage;
let registry: Registry;
let connection: FakeConnection;
let session: LiveSession;
let rights: ChangingRights;
let stranger: Error | undefined;
/** Who follows their rights. */
let following: (() => void)[];

const configMaps = () => registry.get('', 'v1', 'configmaps');
const pods = { id: '1', cluster: 'main', version: 'v1', resource: 'configmaps' };

async function make(name: string, labels: Record<string, string> = {}): Promise<void> {
  const draft = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } };
  await configMaps().create(ctx, { namespace: 'default' }, draft);
}

function change(name: string, labels: Record<string, string>): Promise<unknown> {
  return configMaps().update(ctx, { namespace: 'default', name }, (object) => {
    object.metadata.labels = labels;
    return object;
  });
}

async function subscribe(message: object): Promise<SubscribeAnswer> {
  return new Promise((resolve) => void session.subscribe(message, resolve));
}

/** Lets everything that waits for the store or for the clock happen. */
async function settle(milliseconds = 30): Promise<void> {
  for (let at = 0; at <= milliseconds; at += 10) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.step(10);
  }
  await new Promise((resolve) => setImmediate(resolve));
}

const names = (objects: readonly UnstructuredObject[] = []) => objects.map(({ metadata }) => metadata.name);
const events = () => connection.sent.filter(({ event }) => event !== 'bookmark');
const changes = () =>
  events().flatMap(({ message }) =>
    (message.changes ?? []).map(({ type, object }) => `${type} ${object.metadata.name}`),
  );

beforeEach(async () => {
  clock = new FakeClock();
  ctx = systemContext({ signal: new AbortController().signal, clock, logger: silentLogger }, 'main');
  storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  connection = new FakeConnection();
  rights = new ChangingRights(ctx);
  stranger = undefined;
  following = [];
  session = new LiveSession(
    registry,
    {
      identify: () => (stranger ? Promise.reject(stranger) : Promise.resolve(ctx)),
      authorize: async (caller, { verb, ...target }) => {
        const resource = { ...target, subresource: '' };
        return withPermit(caller, await rights.permit(caller, { user: caller.user, cluster: 'main', verb, resource }));
      },
      followRights: async (caller, changed) => {
        await rights.permit(caller, { user: caller.user, cluster: 'main', verb: 'rights' });
        following.push(changed);
        return () => void (following = following.filter((each) => each !== changed));
      },
    },
    connection,
  );
});

describe('LiveSession', () => {
  test('tells only with the last part of a list where to go on from', async () => {
    const value = 'x'.repeat(300_000);
    for (const name of ['a', 'b', 'c']) {
      const draft = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
      await configMaps().create(ctx, { namespace: 'default' }, draft);
    }
    await subscribe(pods);
    await settle();
    const parts = events().map(({ message: { first, last, resourceVersion } }) => ({ first, last, resourceVersion }));
    expect(parts).toEqual([
      { first: true, last: false, resourceVersion: undefined },
      { first: false, last: false, resourceVersion: undefined },
      { first: false, last: true, resourceVersion: '3' },
    ]);
  });

  test('tells many changes in parts, of which only the last says that they are all', async () => {
    await subscribe(pods);
    await settle();
    connection.waiting = 10_000_000;
    const value = 'x'.repeat(300_000);
    for (const name of ['a', 'b', 'c']) {
      const draft = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
      await configMaps().create(ctx, { namespace: 'default' }, draft);
    }
    await settle();
    connection.waiting = 0;
    await settle(100);
    const parts = events().slice(1);
    expect(parts.map(({ message }) => message.resourceVersion)).toEqual(['0', '0', '3']);
    expect(changes()).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
  });

  test('sends what is there, whole and with its revision, and then what changes', async () => {
    await make('a');
    expect(await subscribe(pods)).toEqual({ ok: true });
    await settle();
    const [first] = events();
    expect(first).toMatchObject({ event: 'snapshot', message: { id: '1', first: true, last: true } });
    expect(first?.message.items?.[0]).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'a' } });
    expect(first?.message.items?.[0]?.metadata.resourceVersion).toMatch(/^\d+$/);
    await make('b');
    await change('a', { x: 'y' });
    await settle();
    expect(changes()).toEqual(['ADDED b', 'MODIFIED a']);
  });

  test('of data only the keys are sent where no more is wanted', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"k":"secret"}}', a: 'b' };
    const metadata = { name: 'held', annotations };
    const draft = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { k: 'secret' },
      binaryData: { b: 'c2VjcmV0' },
    };
    await configMaps().create(ctx, { namespace: 'default' }, draft);
    await subscribe({ ...pods, keysOnly: true });
    await settle();
    await change('held', { x: 'y' });
    await settle();
    const told = events().flatMap(({ message }) => message.items ?? message.changes?.map(({ object }) => object) ?? []);
    expect(told.map(({ data, binaryData }) => [data, binaryData])).toEqual([
      [{ k: null }, { b: null }],
      [{ k: null }, { b: null }],
    ]);
    expect(told[0]?.metadata.annotations).toEqual({ a: 'b' });
    expect(JSON.stringify(told)).not.toMatch(/secret|c2VjcmV0/);
  });

  test('where only metadata is wanted nothing else is sent, of the snapshot and of changes', async () => {
    const metadata = { name: 'held', annotations: { a: 'b' }, labels: { l: 'm' } };
    const draft = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { k: 'value' } };
    await configMaps().create(ctx, { namespace: 'default' }, draft);
    await subscribe({ ...pods, metadataOnly: true });
    await settle();
    await change('held', { x: 'y' });
    await settle();
    const told = events().flatMap(({ message }) => message.items ?? message.changes?.map(({ object }) => object) ?? []);
    expect(told.map((object) => Object.keys(object))).toEqual(told.map(() => ['apiVersion', 'kind', 'metadata']));
    expect(told).toHaveLength(2);
    expect(told[0]?.metadata).toMatchObject({ name: 'held', labels: { l: 'm' } });
    expect(told[0]?.metadata.resourceVersion).not.toBe(told[1]?.metadata.resourceVersion);
    expect(JSON.stringify(told)).not.toMatch(/value|annotations|managedFields/);
  });

  test('a long list comes in chunks, an empty one in one', async () => {
    await subscribe({ ...pods, id: 'empty' });
    for (let at = 0; at < 501; at += 1) await make(`m${at}`);
    await subscribe({ ...pods, id: 'long' });
    await settle();
    const sizes = (id: string) =>
      events()
        .filter(({ event, message }) => event === 'snapshot' && message.id === id)
        .map(({ message: { items, first, last } }) => [items?.length, first, last]);
    expect(sizes('empty')).toEqual([[0, true, true]]);
    expect(sizes('long')).toEqual([
      [500, true, false],
      [1, false, true],
    ]);
  });

  test('resumes after a revision with nothing missed and nothing twice', async () => {
    await make('a');
    await subscribe(pods);
    await settle();
    const at = events()[0]?.message.resourceVersion ?? '';
    session.close();
    await make('b');
    await change('b', { x: 'y' });
    connection.sent.length = 0;
    await subscribe({ ...pods, id: '2', resourceVersion: at });
    await settle();
    expect(events().every(({ event }) => event === 'changes')).toBe(true);
    expect(changes()).toEqual(['ADDED b']);
  });

  test('an object that leaves the selection is deleted from it', async () => {
    await make('a', { app: 'web' });
    await make('b');
    await subscribe({ ...pods, labelSelector: 'app=web' });
    await settle();
    expect(names(events()[0]?.message.items)).toEqual(['a']);
    await change('a', { app: 'db' });
    await change('b', { app: 'web' });
    await settle();
    expect(changes()).toEqual(['DELETED a', 'ADDED b']);
  });

  test('many changes of one tick are one message', async () => {
    await subscribe(pods);
    await settle();
    await make('a');
    for (let at = 0; at < 5; at += 1) await change('a', { at: String(at) });
    await settle();
    expect(changes()).toEqual(['ADDED a']);
    expect(events().at(-1)?.message.changes?.[0]?.object.metadata.labels).toEqual({ at: '4' });
  });

  test.each([
    ['session ends', () => rights.open.revoke({ user: ctx.user.name }), 401],
    ['right is taken away', () => rights.refuse('watch'), 403],
  ])('a reader whose %s is told so and nothing more', async (_, happens, code) => {
    await subscribe(pods);
    await settle();
    happens();
    await settle();
    await make('a');
    await settle();
    expect(events().at(-1)).toMatchObject({ event: 'relist', message: { id: '1', status: { code } } });
    expect(changes()).toEqual([]);
  });

  test('a slow reader is told less and at last dropped', async () => {
    await subscribe(pods);
    await settle();
    connection.waiting = 2 * 1024 * 1024;
    await make('a');
    await settle(1_000);
    expect(changes()).toEqual([]);
    connection.waiting = 0;
    await settle();
    expect(changes()).toEqual(['ADDED a']);
    connection.waiting = 2 * 1024 * 1024;
    await make('b');
    await settle(40_000);
    expect(connection.dropped).toBeGreaterThan(0);
  });

  test.each([
    ['an unknown kind', { resource: 'unicorns' }, 404],
    ['a bad selector', { labelSelector: '!!' }, 400],
    ['a field it cannot be selected by', { fieldSelector: 'spec.x=1' }, 400],
    ['no id', { id: '' }, 400],
  ])('%s is refused', async (_, part, code) => {
    expect(await subscribe({ ...pods, ...part })).toMatchObject({ error: { kind: 'Status', code } });
    expect(connection.sent).toEqual([]);
  });

  test('who is not believed is refused', async () => {
    stranger = newUnauthorized('Unauthorized');
    expect(await subscribe(pods)).toMatchObject({ error: { code: 401 } });
  });

  test.each(['list', 'watch'])('who may not %s is refused', async (verb) => {
    rights.refuse(verb);
    expect(await subscribe(pods)).toMatchObject({ error: { code: 403, reason: 'Forbidden' } });
  });

  test('nothing comes after the end', async () => {
    await subscribe(pods);
    await settle();
    session.unsubscribe({ id: '1' });
    connection.sent.length = 0;
    await make('a');
    await settle();
    expect(connection.sent).toEqual([]);
  });

  test('a broken watch asks the reader to list again', async () => {
    const broken = vi.spyOn(storage, 'watch').mockImplementation(() =>
      Promise.resolve({
        reached: 0,
        close: () => undefined,
        conclude: () => undefined,
        // A watch that only fails.
        async *[Symbol.asyncIterator]() {
          throw new Error('torn');
        },
      }),
    );
    await subscribe(pods);
    await settle();
    expect(events().at(-1)).toMatchObject({ event: 'relist', message: { id: '1', status: { code: 500 } } });
    broken.mockRestore();
  });
});

describe('rights that are followed', () => {
  const follow = (message: object): Promise<SubscribeAnswer> =>
    new Promise((resolve) => void session.followRights(message, resolve));
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('are told to have changed, once', async () => {
    expect(await follow({ id: 'r', cluster: 'main' })).toEqual({ ok: true });
    expect(connection.sent).toEqual([]);
    const [changed] = following;
    changed?.();
    changed?.();
    await turn();
    expect(connection.sent).toEqual([{ event: 'rights', message: { id: 'r' } }]);
    expect(following).toEqual([]);
  });

  test.each([
    ['is taken back', () => session.unsubscribe({ id: 'r' })],
    ['is asked for anew', () => void follow({ id: 'r', cluster: 'main' })],
    ['lost its line', () => session.close()],
  ])('are not told any more where that %s', async (_, end) => {
    await follow({ id: 'r', cluster: 'main' });
    const [changed] = following;
    end();
    await turn();
    changed?.();
    await turn();
    expect(connection.sent).toEqual([]);
    expect(following).not.toContain(changed);
  });

  test('are not followed by who may not, or is nobody, or asks for nothing', async () => {
    rights.refuse('rights');
    expect(await follow({ id: 'r', cluster: 'main' })).toMatchObject({ error: { code: 403 } });
    stranger = newUnauthorized('Unauthorized');
    expect(await follow({ id: 'r', cluster: 'main' })).toMatchObject({ error: { code: 401 } });
    expect(await follow({ id: 'r' })).toMatchObject({ error: { code: 400 } });
  });

  test('count among what a connection may have open', async () => {
    const ids = Array.from({ length: 201 }, (_, at) => `r${at}`);
    const answers = [];
    for (const id of ids) answers.push(await follow({ id, cluster: 'main' }));
    expect(answers.at(-1)).toMatchObject({ error: { code: 429 } });
    expect(following).toHaveLength(200);
  });
});

test('no more subscriptions are looked into at a time than may be open, also for one id', async () => {
  const answers = await Promise.all(Array.from({ length: 250 }, () => subscribe(pods)));
  const codes = answers.map((answer) => ('error' in answer ? answer.error.code : 0));
  expect(codes.filter((code) => code === 429)).toHaveLength(50);
});

test('who follows a kind that leaves is told to begin anew, once', async () => {
  const sets = new ChangingSets();
  sets.serve('main', '1', widgets());
  const registry = new Registry({ sets, storage, admission: admitEverything });
  const access = {
    identify: () => Promise.resolve(ctx),
    authorize: (caller: CallerContext) => Promise.resolve(asServer(caller)),
    followRights: () => Promise.reject(new Error('nobody asks')),
  };
  session = new LiveSession(registry, access, connection);
  const target = { id: '1', cluster: 'main', group: 'example.io', version: 'v1', resource: 'widgets' };
  expect(await subscribe(target)).toEqual({ ok: true });
  await settle();
  sets.serve('main', '2');
  await settle(200);
  expect(connection.sent.filter(({ event }) => event === 'relist')).toMatchObject([
    { message: { status: { code: 410 } } },
  ]);
  expect(await subscribe({ ...target, id: '2' })).toMatchObject({ error: { code: 404 } });
});
