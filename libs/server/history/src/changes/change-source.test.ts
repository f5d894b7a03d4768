import { Permit } from '@binnacle/server-auth';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { RequestContext } from '@binnacle/server-registry';
import {
  type ChangeRange,
  encodeBody,
  type Key,
  MemoryStorage,
  type Scope,
  type StoredObject,
  type Watch,
  type WatchItem,
} from '@binnacle/server-storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { Moments } from '../past/moments.js';
import { CHANGES } from './change-object.js';
import { ChangeSource } from './change-source.js';
import type { ReadTarget } from './visible-changes.js';

const CLUSTER = 'main';
const latest = { revision: { at: 'latest' } } as const;

let clock: FakeClock;
let storage: MemoryStorage;
let ctx: RequestContext;
let asked: ReadTarget[];
let refused: (target: ReadTarget) => boolean;
let ranges: ChangeRange[];
let source: ChangeSource;

/** Since when namespaces are those of now. */
let begun: number;

beforeEach(async () => {
  clock = new FakeClock();
  storage = new MemoryStorage();
  const { signal } = new AbortController();
  const user = { name: 'alice', groups: [] };
  ctx = {
    clock,
    logger: silentLogger,
    signal,
    cluster: CLUSTER,
    user,
    client: 'test',
    warn: () => undefined,
    permit: Permit.unlimited,
  };
  await storage.createCluster(ctx, CLUSTER);
  begun = 0;
  [asked, ranges, refused] = [[], [], () => false];
  const log = {
    changes: (context: RequestContext, range: ChangeRange) => {
      ranges.push(range);
      return storage.changes(context, range);
    },
    revisionAt: storage.revisionAt.bind(storage),
    follow: storage.follow.bind(storage),
  };
  source = new ChangeSource(
    new Moments(storage),
    log as never,
    (_, target) => {
      asked.push(target);
      return !refused(target);
    },
    { since: async () => begun },
  );
});

const keyOf = (name: string, resource = 'pods', namespace = 'default'): Key => ({
  cluster: CLUSTER,
  resource,
  namespace,
  name,
});

async function create(name: string, resource?: string, namespace?: string): Promise<StoredObject> {
  clock.step(1_000);
  const key = keyOf(name, resource, namespace);
  const body = encodeBody({ apiVersion: 'v1', kind: 'Pod', metadata: { name, uid: `uid-${name}` } });
  const attributes = { labels: {}, fields: {} };
  return storage.write(ctx, { op: 'create', key, body, attributes, actor: { user: 'alice', client: 'test' } });
}

const scope = (narrowed: Partial<Scope> = {}): Scope => ({ cluster: CLUSTER, resource: CHANGES, ...narrowed });
const names = ({ items }: { items: readonly StoredObject[] }) => items.map(({ key }) => key.name);

describe('a list of changes', () => {
  it('looks no further than it may, and says where to go on', async () => {
    const busy = { cluster: CLUSTER, after: 0, upTo: 0, order: 'newestFirst' as const, limit: 0 };
    for (let i = 0; i < 30; i += 1) await create(`p${i}`);
    // As if each read of the log came no further than one revision.
    const short = { ...storageLog(), changes: async (_: unknown, range: ChangeRange) => oneOf(range) };
    const oneOf = async (range: ChangeRange) => {
      const page = await storage.changes(ctx, { ...busy, ...range, after: range.upTo - 1 });
      return { ...page, more: range.upTo > range.after + 1 };
    };
    const narrow = new ChangeSource(new Moments(storage), short as never, () => true, { since: async () => 0 });
    const none = scope({ equal: { 'spec.name': 'nothing' } });
    const page = await narrow.list(ctx, none, latest);
    expect(page).toMatchObject({ items: [], more: true, next: { namespace: '', name: '21' } });
    const after = page.next as NonNullable<typeof page.next>;
    expect(await narrow.list(ctx, none, { ...latest, after })).toMatchObject({ more: true, next: { name: '11' } });
  });

  it('holds no more than a page, whatever is asked for', async () => {
    for (let i = 0; i < 510; i += 1) await create(`p${i}`);
    const first = await source.list(ctx, scope(), latest);
    expect([first.items.length, first.more, first.next?.name]).toEqual([500, true, '11']);
    const after = first.next as NonNullable<typeof first.next>;
    const rest = await source.list(ctx, scope(), { ...latest, limit: 100_000, after });
    expect([rest.items.length, rest.more]).toEqual([10, false]);
  });

  it('reads only the part of the log it is narrowed to', async () => {
    for (let i = 0; i < 10; i += 1) await create(`p${i}`);
    const since = new Date(clock.now() - 3_000).toISOString();
    expect(names(await source.list(ctx, scope({ equal: { since } }), latest))).toEqual(['10', '9', '8', '7']);
    expect(ranges.at(-1)).toMatchObject({ after: 6, upTo: 10 });
    await source.list(ctx, scope({ name: '4' }), latest);
    expect(ranges.at(-1)).toMatchObject({ after: 3, upTo: 4 });
  });

  it('asks for each right once, and for that to one object only where all may not be read', async () => {
    for (let i = 0; i < 5; i += 1) await create(`p${i}`);
    await create('key', 'secrets');
    await create('open', 'secrets');
    refused = ({ resource, name }) => resource === 'secrets' && name !== 'open';
    expect(names(await source.list(ctx, scope(), latest))).toEqual(['7', '5', '4', '3', '2', '1']);
    const told = asked.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`.trim());
    expect(told).toEqual(['list secrets', 'get secrets open', 'get secrets key', 'list pods']);
  });

  it.each<[string, Partial<Scope>]>([
    ['fields', { matches: ({ fields }) => fields['spec.name'] === 'a' }],
    ['its key', { matches: (_, { name }) => name === '1' }],
  ])('asks for no right to what is not selected by %s', async (_, narrowed) => {
    await create('a');
    await create('key', 'secrets');
    const { items } = await source.list(ctx, scope(narrowed), latest);
    expect(items.map(({ key, body }) => [key.name, JSON.parse(body.toString()).spec.name])).toEqual([['1', 'a']]);
    expect(asked.map(({ resource }) => resource)).toEqual(['pods']);
  });

  it('is refused to go on after what is no change', async () => {
    const after = { namespace: 'default', name: 'web' };
    await expect(source.list(ctx, scope(), { ...latest, after })).rejects.toMatchObject({ code: 400 });
  });
});

const storageLog = () => ({
  revisionAt: storage.revisionAt.bind(storage),
  follow: storage.follow.bind(storage),
});

async function take(watch: Watch, count: number): Promise<string[]> {
  const told: string[] = [];
  const name = (item: WatchItem) =>
    item.kind === 'change' ? item.change.object.key.name : `bookmark ${item.revision}`;
  for await (const batch of watch) {
    told.push(...batch.map(name));
    if (told.length >= count) break;
  }
  return told;
}

describe('a watch of changes', () => {
  it('reads on as its reader does: nothing is held for one who does not read', async () => {
    await create('first');
    const watch = await source.watch(ctx, scope(), { after: 0 });
    for (let i = 0; i < 2_000; i += 1) await create(`p${i}`);
    const before = ranges.length;
    expect(before).toBeLessThanOrEqual(2);
    expect(await take(watch, 2_001)).toEqual(Array.from({ length: 2_001 }, (_, at) => String(at + 1)));
  });

  it('begins with what there is, and says where that ends', async () => {
    for (const name of ['a', 'b']) await create(name);
    const watch = await source.watch(ctx, scope(), {});
    expect(await take(watch, 3)).toEqual(['1', '2', 'bookmark 2']);
  });

  it.each([
    ['the present', {}, ['2', 'bookmark 2', '3', 'bookmark 4']],
    ['a revision', { after: 1 }, ['2', '3', 'bookmark 4']],
  ])('that begins with %s tells only what lies in the time it is about', async (_, begins, told) => {
    for (const name of ['a', 'b']) await create(name);
    const [since, until] = [-500, 1_500].map((later) => new Date(clock.now() + later).toISOString()) as [
      string,
      string,
    ];
    const watch = await source.watch(ctx, scope({ equal: { since, until } }), { ...begins, bookmarks: true });
    const taken = take(watch, told.length);
    for (const name of ['c', 'd']) await create(name);
    for (let wait = 0; wait < 20; wait += 1) await new Promise(setImmediate);
    clock.step(60_000);
    expect(await taken).toEqual(told);
  });

  it.each<[string, () => Partial<Scope>, string[], [after: number, upTo: number][]]>([
    ['one change', () => ({ name: '2' }), ['2'], [[1, 2]]],
    ['one that history does not hold', () => ({ name: '9' }), [], [[4, 5]]],
    ['what ended', () => ({ equal: { until: new Date(clock.now() - 2_000).toISOString() } }), ['1', '2'], [[0, 2]]],
    ['what nothing can be', () => ({ equal: { 'spec.verb': 'patch' } }), [], []],
  ])('of %s reads no more of the log than that, and stays open', async (_, narrowed, told, read) => {
    for (const name of ['a', 'b', 'c', 'd']) await create(name);
    const watch = await source.watch(ctx, scope(narrowed()), { bookmarks: true });
    const taken = take(watch, told.length + 2);
    for (let wait = 0; wait < 20; wait += 1) await new Promise(setImmediate);
    await create('later');
    for (let wait = 0; wait < 20; wait += 1) await new Promise(setImmediate);
    clock.step(60_000);
    expect(await taken).toEqual([...told, 'bookmark 4', 'bookmark 5']);
    expect(ranges.map(({ after, upTo }) => [after, upTo])).toEqual(read);
  });

  it('of a past moment comes to its end and stays open', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    const watch = await source.watch(ctx, scope({ cluster: `${CLUSTER}@2` }), { after: 1, bookmarks: true });
    const told = take(watch, 2);
    await create('later');
    for (let wait = 0; wait < 20; wait += 1) await new Promise(setImmediate);
    clock.step(60_000);
    expect(await told).toEqual(['2', 'bookmark 2']);
  });

  it('ends with its cluster', async () => {
    const watch = await source.watch(ctx, scope(), { after: 0 });
    const end = take(watch, 1);
    await new Promise(setImmediate);
    await storage.deleteCluster(ctx, CLUSTER);
    await expect(end).rejects.toMatchObject({ code: 'unknownCluster' });
  });

  it.each([
    [3, 'future'],
    [0, 'expired'],
  ])('does not begin after %d where that is %s', async (after, code) => {
    for (const name of ['a', 'b']) await create(name);
    await storage.compact(ctx, CLUSTER, 1);
    await expect(source.watch(ctx, scope(), { after })).rejects.toMatchObject({ code });
  });
});

describe('a change', () => {
  it('is found in the namespace of its object alone', async () => {
    await create('a', 'pods', 'team');
    await create('n1', 'nodes', '');
    const get = (namespace: string, name: string) => source.get(ctx, { ...keyOf(name, CHANGES), namespace });
    expect((await get('team', '1'))?.key.name).toBe('1');
    expect(await get('default', '1')).toBeUndefined();
    expect((await get('default', '2'))?.key.namespace).toBe('default');
    expect(await get('team', '3')).toBeUndefined();
    refused = () => true;
    expect(await get('team', '1')).toBeUndefined();
  });

  it('is written by nobody', async () => {
    await expect(source.write()).rejects.toMatchObject({ code: 405 });
  });
});
