import { MemoryStorage, StorageError } from '@binnacle/server-storage';
import { Bench, testContext, WatchReader } from '@binnacle/server-storage/suite';
import { describe, expect, it, vi } from 'vitest';
import { CachedStorage } from './cached-storage.js';
import { WatchCache, type WatchCacheOptions } from './watch-cache.js';

const PODS = { cluster: 'main', resource: 'pods' };
const LATEST = { revision: { at: 'latest' } } as const;

async function setUp(options: WatchCacheOptions = {}) {
  const ctx = testContext();
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  const reader = new WatchCache(ctx, storage, options);
  const bench = new Bench(ctx, { storage, reader, close: async () => reader.close() }, 'main');
  return { ctx, storage, reader, bench };
}

/** A call that waits until it is let go on. */
function held<T>(call: () => Promise<T>) {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  return { release: () => release(), call: () => gate.then(call) };
}

describe('loading', () => {
  it('is done once for all who ask meanwhile, and again where it failed', async () => {
    const { ctx, storage, reader, bench } = await setUp();
    await bench.create('a');
    const snapshot = vi
      .spyOn(storage, 'snapshot')
      .mockRejectedValueOnce(new StorageError('unavailable', 'no database'));
    const asked = [reader.list(ctx, PODS, LATEST), reader.list(ctx, PODS, LATEST)];
    for (const one of asked) await expect(one).rejects.toThrow('no database');
    expect(snapshot).toHaveBeenCalledTimes(1);
    const lists = await Promise.all(Array.from({ length: 5 }, () => reader.list(ctx, PODS, LATEST)));
    expect(lists.map(({ items }) => items.length)).toEqual([1, 1, 1, 1, 1]);
    expect(snapshot).toHaveBeenCalledTimes(2);
  });

  it('goes on when who began it has left', async () => {
    const { ctx, storage, reader, bench } = await setUp();
    await bench.create('a');
    const { snapshot } = storage;
    const gate = held(() => snapshot.call(storage, ctx, 'main'));
    storage.snapshot = gate.call;
    const client = new AbortController();
    const first = reader.list({ ...ctx, signal: client.signal }, PODS, LATEST);
    const second = reader.list(ctx, PODS, LATEST);
    client.abort(new Error('the client left'));
    gate.release();
    await expect(first).rejects.toThrow('the client left');
    expect((await second).items).toHaveLength(1);
  });

  it('is not needed to know what is known already, and nothing is known before', async () => {
    const { ctx, reader, bench } = await setUp();
    const { key } = await bench.create('a', { text: 'x' });
    expect([reader.peek(key), reader.peekAll(PODS), reader.sizeOf('main', 'pods')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await reader.get(ctx, key);
    expect([reader.peek(key)?.revision, reader.peekAll(PODS)?.length, reader.sizeOf('main', 'pods')?.objects]).toEqual([
      1, 1, 1,
    ]);
    expect([
      reader.peek({ ...key, name: 'b' }),
      reader.peekAll({ ...PODS, resource: 'nodes' }),
      reader.sizeOf('main', 'nodes'),
    ]).toEqual([undefined, [], { objects: 0, bytes: 0 }]);
  });

  it('tells who wants to know which clusters are in use', async () => {
    const { ctx, storage, reader } = await setUp();
    await storage.createCluster(ctx, 'lab');
    const loaded: string[] = [];
    const stop = reader.onLoad((name) => loaded.push(name));
    await reader.list(ctx, PODS, LATEST);
    await reader.list(ctx, PODS, LATEST);
    stop();
    await reader.list(ctx, { ...PODS, cluster: 'lab' }, LATEST);
    expect(loaded).toEqual(['main']);
    const watch = await reader.watch(ctx, { ...PODS, cluster: 'lab' }, {});
    expect(reader.watched()).toEqual(['lab']);
    watch.close();
    expect(reader.watched()).toEqual([]);
  });
});

describe('a cluster that was made anew under its name', () => {
  it('is read anew, and who watched the old one is told', async () => {
    const { ctx, storage, reader, bench } = await setUp();
    const { key } = await bench.create('a');
    await reader.get(ctx, key);
    const watch = new WatchReader(await reader.watch(ctx, PODS, { after: 1 }));
    await storage.deleteCluster(ctx, 'main');
    await storage.createCluster(ctx, 'main');
    expect((await reader.list(ctx, PODS, LATEST)).items).toEqual([]);
    await expect(watch.next()).rejects.toMatchObject({ code: 'unknownCluster' });
  });
});

describe('a cache that is closed', () => {
  it('ends its watches and its readers, and drops what it held', async () => {
    const { ctx, storage, reader, bench } = await setUp();
    const { key } = await bench.create('a');
    await reader.get(ctx, key);
    const watch = new WatchReader(await reader.watch(ctx, PODS, { after: 1 }));
    const head = await storage.head(ctx, 'main');
    storage.head = async () => ({ ...head, revision: 9 });
    const waiting = reader.list(ctx, PODS, LATEST);
    waiting.catch(() => undefined);
    await expect.poll(() => reader.stats().lag).toBe(8);
    reader.close();
    await expect(watch.next()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    expect([reader.stats(), ctx.clock.pending]).toEqual([
      { clusters: 0, objects: 0, bytes: 0, watchers: 0, lag: 0 },
      0,
    ]);
  });
});

describe('who resumes from long ago', () => {
  it('reads the log with few others at a time', async () => {
    const { ctx, storage, reader, bench } = await setUp({ window: { changes: 1 } });
    for (let at = 0; at < 30; at += 1) await bench.create(`p${at}`);
    await reader.list(ctx, PODS, LATEST);
    await bench.create('newest');
    let [now, most] = [0, 0];
    const history = storage.history.bind(storage);
    storage.history = async (...args) => {
      most = Math.max(most, (now += 1));
      await new Promise<void>((resolve) => setImmediate(resolve));
      return history(...args).finally(() => (now -= 1));
    };
    const readers = Array.from({ length: 20 }, async () =>
      new WatchReader(await reader.watch(ctx, PODS, { after: 3 })).changes(28),
    );
    const seen = await Promise.all(readers);
    expect(seen.every((changes) => changes.at(-1) === 'ADDED newest@31' && changes[0] === 'ADDED p3@4')).toBe(true);
    expect(most).toBeLessThanOrEqual(4);
    expect(now).toBe(0);
  });

  it('is told where the log cannot be read, and leaves the way free for others', async () => {
    const { ctx, storage, reader, bench } = await setUp({ window: { changes: 1 } });
    for (let at = 0; at < 10; at += 1) await bench.create(`p${at}`);
    await reader.list(ctx, PODS, LATEST);
    const history = vi.spyOn(storage, 'history').mockRejectedValue(new StorageError('expired', 'too old'));
    const failed = Array.from({ length: 6 }, async () =>
      new WatchReader(await reader.watch(ctx, PODS, { after: 1 })).next(),
    );
    for (const one of failed) await expect(one).rejects.toMatchObject({ code: 'expired' });
    history.mockRestore();
    expect(await new WatchReader(await reader.watch(ctx, PODS, { after: 8 })).changes(2)).toEqual([
      'ADDED p8@9',
      'ADDED p9@10',
    ]);
  });
});

describe('what a cluster holds', () => {
  it('is dropped sooner where it is little, and later where it is much', async () => {
    const { ctx, storage, reader, bench } = await setUp({ idleAfter: 600_000 });
    await storage.createCluster(ctx, 'large');
    const large = new Bench(ctx, { storage, reader, close: async () => undefined }, 'large');
    await bench.create('a');
    await large.create('b', { text: 'x'.repeat(2 * 1024 ** 2) });
    for (const cluster of ['main', 'large']) await reader.list(ctx, { ...PODS, cluster }, LATEST);
    const forgotten: string[] = [];
    reader.onForget((name) => forgotten.push(name));
    ctx.clock.step(90_000);
    expect(forgotten).toEqual(['main']);
    expect([reader.peekAll(PODS), reader.peekAll({ ...PODS, cluster: 'large' })?.length]).toEqual([undefined, 1]);
    ctx.clock.step(630_000);
    expect(reader.stats().clusters).toBe(0);
  });

  it('is counted with what is recent', async () => {
    const { ctx, reader, bench } = await setUp();
    await reader.list(ctx, PODS, LATEST);
    const first = await bench.create('a', { text: 'xxxx' });
    const second = await bench.update(first, { text: 'yy' });
    expect(reader.stats()).toMatchObject({ objects: 1, bytes: first.body.length + 2 * second.body.length });
    await bench.remove(second);
    expect(reader.stats()).toMatchObject({ objects: 0, bytes: first.body.length + 2 * second.body.length });
  });
});

it('in front of a store serves reads and watches, and hands on all the rest', async () => {
  const { ctx, storage, reader, bench } = await setUp();
  const cached = new CachedStorage(storage, reader);
  const { key } = await bench.create('a');
  const direct = vi.spyOn(storage, 'list');
  expect((await cached.list(ctx, PODS, LATEST)).items).toHaveLength(1);
  expect((await cached.get(ctx, key))?.revision).toBe(1);
  expect(await new WatchReader(await cached.watch(ctx, PODS, { after: 0 })).changes(1)).toEqual(['ADDED a@1']);
  expect([cached.peek(key)?.revision, cached.peekAll(PODS)?.length, cached.sizeOf('main', 'pods')?.objects]).toEqual([
    1, 1, 1,
  ]);
  expect(direct).not.toHaveBeenCalled();
  expect(await cached.revision(ctx, 'main')).toBe(1);
  await cached.createCluster(ctx, 'lab');
  expect((await cached.listClusters(ctx)).map(({ name }) => name).sort()).toEqual(['lab', 'main']);
  await cached.forkCluster(ctx, 'main', 1, 'fork');
  expect((await cached.head(ctx, 'fork')).revision).toBe(1);
  expect(await cached.history(ctx, 'main', 0, 10)).toHaveLength(1);
  expect(
    (await cached.changes(ctx, { cluster: 'main', after: 0, upTo: 1, order: 'oldestFirst', limit: 5 })).changes,
  ).toHaveLength(1);
  await cached.deleteCluster(ctx, 'lab');
  await expect(cached.list(ctx, { ...PODS, cluster: 'lab' }, LATEST)).rejects.toMatchObject({ code: 'unknownCluster' });
  await cached.close();
});
