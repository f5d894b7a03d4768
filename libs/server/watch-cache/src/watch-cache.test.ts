import { systemClock } from '@binnacle/process-lifecycle';
import { MetricsRegistry } from '@binnacle/process-telemetry';
import { MemoryStorage } from '@binnacle/server-storage';
import { Bench, runStorageSuite, testContext, WatchReader } from '@binnacle/server-storage/suite';
import { createPostgresStorage } from '@binnacle/server-storage-postgres';
import { freshDatabase } from '@binnacle/server-storage-postgres/testing';
import { describe, expect, it, vi } from 'vitest';
import { reportCache } from './metrics.js';
import { WatchCache, type WatchCacheOptions } from './watch-cache.js';

runStorageSuite('WatchCache over memory', async (ctx) => {
  const storage = new MemoryStorage();
  const reader = new WatchCache(ctx, storage);
  return { storage, reader, close: async () => reader.close() };
});

runStorageSuite('WatchCache with a tiny window', async (ctx) => {
  const storage = new MemoryStorage();
  const reader = new WatchCache(ctx, storage, { window: { changes: 2 } });
  return { storage, reader, close: async () => reader.close() };
});

runStorageSuite('WatchCache over Postgres', async (ctx) => {
  const database = await freshDatabase();
  const storage = await createPostgresStorage({ ...ctx, clock: systemClock }, { databaseUrl: database.url });
  const reader = new WatchCache(ctx, storage);
  const close = async () => {
    reader.close();
    await storage.close();
    await database.drop();
  };
  return { storage, reader, close };
});

describe('WatchCache', () => {
  const make = async (options: WatchCacheOptions = {}) => {
    const ctx = testContext();
    const storage = new MemoryStorage();
    const reader = new WatchCache(ctx, storage, options);
    const bench = async (name: string) => {
      await storage.createCluster(ctx, name);
      return new Bench(ctx, { storage, reader, close: async () => reader.close() }, name);
    };
    return { ctx, reader, storage, bench };
  };

  it('finds by a field that became an indexed one only what has the value', async () => {
    let fields: string[] = [];
    const { ctx, reader, bench } = await make({ indexedFields: () => fields });
    const b = await bench('main');
    await b.create('a', { node: 'n1' });
    await b.create('b', { node: 'n2' });
    const scope = { cluster: 'main', resource: 'pods', index: { field: 'spec.nodeName', value: 'n2' } };
    const names = async () =>
      (await reader.list(ctx, scope, { revision: { at: 'latest' } })).items.map(({ key }) => key.name);
    expect(await names()).toEqual(['a', 'b']);
    fields = ['spec.nodeName'];
    reader.reindex('main');
    expect(await names()).toEqual(['b']);
  });

  it('tells who listens to a resource of its changes, and of every cluster that becomes known', async () => {
    const { ctx, reader, bench } = await make({ idleAfter: 60_000 });
    const told: string[] = [];
    const stop = reader.onChange('pods', (cluster) => told.push(cluster));
    const b = await bench('main');
    await reader.list(ctx, { cluster: 'main', resource: 'nodes' }, { revision: { at: 'latest' } });
    expect(told).toEqual(['main']);
    await b.create('other', { resource: 'services' });
    const pod = await b.create('a');
    await b.remove(await b.update(pod));
    await reader.list(ctx, { cluster: 'main', resource: 'pods' }, { revision: { at: 'latest' } });
    expect(told.slice(1)).toEqual(['main', 'main', 'main']);
    ctx.clock.step(120_000);
    expect(reader.peekAll({ cluster: 'main', resource: 'pods' })).toBeUndefined();
    await reader.get(ctx, pod.key);
    expect(told).toHaveLength(5);
    stop();
    await b.create('b');
    await reader.get(ctx, b.key('b'));
    expect(told).toHaveLength(5);
  });

  it('drops clusters nobody reads or watches, and loads them again', async () => {
    const { ctx, reader, bench } = await make({ idleAfter: 60_000 });
    const [watched, read, idle] = [await bench('watched'), await bench('read'), await bench('idle')];
    for (const b of [watched, read, idle]) {
      const object = await b.create('a');
      await reader.get(ctx, object.key);
    }
    const watch = await reader.watch(ctx, { cluster: 'watched', resource: 'pods' }, { after: 1 });
    expect(reader.stats()).toMatchObject({ clusters: 3, objects: 3, watchers: 1 });
    ctx.clock.step(50_000);
    await reader.get(ctx, read.key('a'));
    ctx.clock.step(40_000);
    expect(reader.stats().clusters).toBe(2);
    expect((await reader.get(ctx, idle.key('a')))?.revision).toBe(1);
    watch.close();
    expect(reader.stats()).toMatchObject({ clusters: 3, watchers: 0 });
  });

  it('drops the least recently used clusters when there are too many bytes', async () => {
    const { ctx, reader, bench } = await make({ maxBytes: 5_000 });
    for (const name of ['one', 'two', 'three']) {
      const b = await bench(name);
      await reader.get(ctx, (await b.create('a', { text: 'x'.repeat(2_000) })).key);
      ctx.clock.step(1);
    }
    ctx.clock.step(30_000);
    expect(reader.stats().clusters).toBe(2);
  });

  it('lets go of recent changes when there are too many bytes in clusters that are watched', async () => {
    const { ctx, reader, bench } = await make({ maxBytes: 10_000 });
    const b = await bench('c');
    const scope = { cluster: 'c', resource: 'pods' };
    const watch = new WatchReader(await reader.watch(ctx, scope, { after: 0 }));
    let object = await b.create('a', { text: 'x'.repeat(2_000) });
    for (let i = 0; i < 20; i += 1) object = await b.update(object, { text: 'x'.repeat(2_000) });
    expect(reader.stats().bytes).toBeGreaterThan(40_000);
    ctx.clock.step(30_000);
    expect(reader.stats().bytes).toBeLessThan(10_000);
    expect(await watch.changes(21)).toHaveLength(21);
    const late = new WatchReader(await reader.watch(ctx, scope, { after: 1 }));
    expect(await late.changes(20)).toHaveLength(20);
  });

  it('reports what it holds', async () => {
    const { ctx, reader, bench } = await make();
    const registry = new MetricsRegistry();
    reportCache(registry, reader);
    const b = await bench('c');
    await reader.get(ctx, (await b.create('a')).key);
    const text = await registry.metrics();
    expect(text).toContain('binnacle_cache_objects 1');
    expect(text).toContain('binnacle_cache_lag_revisions 0');
  });

  it('replays what its window has lost at the pace of the reader', async () => {
    const { ctx, reader, bench } = await make({ window: { changes: 10 }, maxPending: 100 });
    const b = await bench('c');
    await reader.get(ctx, b.key('a'));
    for (let i = 0; i < 2_000; i += 1) await b.create(`p${i}`);
    const watch = new WatchReader(await reader.watch(ctx, { cluster: 'c', resource: 'pods' }, { after: 0 }));
    const seen = await watch.changes(2_000);
    expect(seen[1_999]).toBe('ADDED p1999@2000');
    await b.create('last');
    expect(await watch.changes(1)).toEqual(['ADDED last@2001']);
    watch.watch.close();
  });

  it('reads the log once for all who resume after a restart', async () => {
    const { ctx, storage, bench } = await make();
    const b = await bench('c');
    for (let i = 0; i < 1_200; i += 1) await b.create(`p${i}`);
    const restarted = new WatchCache(ctx, storage);
    const history = vi.spyOn(storage, 'history');
    const scope = { cluster: 'c', resource: 'pods' };
    const resume = async (after: number) => new WatchReader(await restarted.watch(ctx, scope, { after })).changes(5);
    const seen = await Promise.all(Array.from({ length: 300 }, (_, i) => resume(100 + (i % 3))));
    expect(seen[2]).toEqual(['ADDED p102@103', 'ADDED p103@104', 'ADDED p104@105', 'ADDED p105@106', 'ADDED p106@107']);
    expect(history.mock.calls.length).toBeLessThan(10);
    restarted.close();
  });

  it('sends all watchers the same item, not a copy', async () => {
    const { ctx, reader, bench } = await make();
    const b = await bench('c');
    const scope = { cluster: 'c', resource: 'pods' };
    const readers = [1, 2].map(async () => new WatchReader(await reader.watch(ctx, scope, { after: 0 })));
    const [one, two] = await Promise.all(readers);
    await b.create('a');
    expect(await one?.next()).toBe(await two?.next());
  });

  it('starts again when the database has lost what it had', async () => {
    const { ctx, reader, storage, bench } = await make();
    const b = await bench('c');
    await b.create('a');
    await b.create('b');
    await reader.get(ctx, b.key('a'));
    const watch = new WatchReader(await reader.watch(ctx, { cluster: 'c', resource: 'pods' }, { after: 2 }));
    const head = await storage.head(ctx, 'c');
    storage.head = async () => ({ ...head, revision: 1 });
    await reader.get(ctx, b.key('a'));
    await expect(watch.next()).rejects.toMatchObject({ code: 'expired' });
  });
});
