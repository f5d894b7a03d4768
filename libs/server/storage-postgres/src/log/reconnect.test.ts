import { systemClock } from '@binnacle/process-lifecycle';
import type { Change } from '@binnacle/server-storage';
import { Bench, testContext, WatchReader } from '@binnacle/server-storage/suite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPostgresStorage } from '../create-postgres-storage.js';
import type { PostgresStorage } from '../postgres-storage.js';
import { type FreshDatabase, freshDatabase } from '../testing/index.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = { ...testContext(), clock: systemClock };
const PODS = { cluster: 'main', resource: 'pods' };
let database: FreshDatabase;
/** Two servers on one database: what one commits, the other hears of by the log. */
let writer: PostgresStorage;
let watcher: PostgresStorage;
let isOpen = true;

const open = () => createPostgresStorage(ctx, { databaseUrl: database.url, retention: false });
const benchOf = (storage: PostgresStorage): Bench =>
  new Bench(ctx, { storage, reader: storage, close: async () => undefined }, 'main');

beforeEach(async () => {
  database = await freshDatabase();
  [writer, watcher, isOpen] = [await open(), await open(), true];
  await writer.createCluster(ctx, 'main');
}, 60_000);
afterEach(async () => {
  await Promise.all([writer.close(), isOpen && watcher.close()]);
  await database.drop();
});

async function ask(sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

/** Ends every connection of the servers whose name is like that, as a restart of a pooler or a firewall does. */
const cut = (name: string) =>
  ask(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name like '${name}'`);

describe('a watch from the log', () => {
  it('goes on when its listener was cut off, with nothing missed or doubled', async () => {
    const watch = new WatchReader(await watcher.watch(ctx, PODS, { after: 0 }));
    const bench = benchOf(writer);
    await bench.create('a');
    expect(await watch.changes(1)).toEqual(['ADDED a@1']);
    await expect.poll(() => cut('binnacle listener')).toBeGreaterThan(0);
    const began = performance.now();
    for (const name of ['b', 'c', 'd']) await bench.create(name);
    expect(await watch.changes(3)).toEqual(['ADDED b@2', 'ADDED c@3', 'ADDED d@4']);
    // What was said while nobody listened is asked for at once, not at the next look around ten seconds later.
    expect(performance.now() - began).toBeLessThan(6_000);
    await bench.create('e');
    expect(await watch.changes(1)).toEqual(['ADDED e@5']);
    watch.watch.close();
  });

  it('goes on when all connections of both servers were cut off again and again', async () => {
    const watch = new WatchReader(await watcher.watch(ctx, PODS, { after: 0 }));
    const bench = benchOf(writer);
    const expected: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const { revision } = await bench.create(`p${round}`);
      expected.push(`ADDED p${round}@${revision}`);
      await cut('binnacle %');
      // What was under way may fail; what was acknowledged may not be lost.
      await expect.poll(() => writer.revision(ctx, 'main').catch(() => -1)).toBe(revision);
    }
    expect(await watch.changes(4)).toEqual(expected);
    watch.watch.close();
  });

  it('tells what every change replaced, and the state first where nothing else is said', async () => {
    const bench = benchOf(writer);
    const first = await bench.create('a', { text: '1', node: 'n1' });
    const watch = new WatchReader(
      await watcher.watch(ctx, { ...PODS, matches: ({ fields }) => fields['spec.nodeName'] === 'n1' }, {}),
    );
    expect(await watch.changes(1)).toEqual(['ADDED a@1']);
    expect(await watch.next()).toMatchObject({ kind: 'bookmark', initial: true });
    const second = await bench.update(first, { text: '2', node: 'n1' });
    const changed: Change = await watch.change();
    expect([changed.type, changed.object.revision, changed.previous?.revision]).toEqual(['MODIFIED', 2, 1]);
    await bench.update(second, { text: '3', node: 'n2' });
    // What leaves the selection is deleted to who watches it.
    expect(await watch.changes(1)).toEqual(['DELETED a@3']);
    watch.watch.close();
  });

  it('is refused where its past is gone or has not been', async () => {
    const bench = benchOf(writer);
    for (const name of ['a', 'b', 'c']) await bench.create(name);
    await writer.compact(ctx, 'main', 2);
    await expect(watcher.watch(ctx, PODS, { after: 1 })).rejects.toMatchObject({ code: 'expired' });
    await expect(watcher.watch(ctx, PODS, { after: 9 })).rejects.toMatchObject({ code: 'future' });
    await expect(watcher.watch(ctx, { ...PODS, cluster: 'none' }, {})).rejects.toMatchObject({
      code: 'unknownCluster',
    });
    const watch = new WatchReader(await watcher.watch(ctx, PODS, { after: 2 }));
    expect(await watch.changes(1)).toEqual(['ADDED c@3']);
    watch.watch.close();
  });

  it('ends with its cluster', async () => {
    const watch = new WatchReader(await watcher.watch(ctx, PODS, {}));
    expect(await watch.next()).toMatchObject({ kind: 'bookmark', initial: true });
    const ended = watch.next().catch((error: { code?: string }) => error.code);
    await writer.deleteCluster(ctx, 'main');
    expect(await ended).toBe('unknownCluster');
  });

  it('ends with its store', async () => {
    const watch = new WatchReader(await watcher.watch(ctx, PODS, {}));
    expect(await watch.next()).toMatchObject({ kind: 'bookmark', initial: true });
    const ended = watch.next().catch((error: { code?: string }) => error.code);
    isOpen = false;
    await watcher.close();
    expect(await ended).toBe('unavailable');
  });
});

describe('a follower of the log', () => {
  it('hears everything in order, however much at once, from both servers', async () => {
    const heard: number[] = [];
    const stop = watcher.follow('main', 0, {
      changes: (batch) => heard.push(...batch.map(({ object }) => object.revision)),
      failed: (error) => heard.push(Number.NaN, error.message.length),
    });
    const [ours, theirs] = [benchOf(writer), benchOf(watcher)];
    await Promise.all(Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? ours : theirs).create(`p${at}`)));
    await expect.poll(() => heard.length).toBe(200);
    expect(heard).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    stop();
    await ours.create('late');
    await watcher.revision(ctx, 'main');
    expect(heard).toHaveLength(200);
  });

  it('of a cluster that is not there is told so, unless it has stopped before', async () => {
    const failed = new Promise<Error>((resolve) => {
      watcher.follow('none', 0, { changes: () => undefined, failed: resolve });
    });
    expect(await failed).toMatchObject({ code: 'unknownCluster' });
    const told: unknown[] = [];
    watcher.follow('none', 0, { changes: () => undefined, failed: (error) => told.push(error) })();
    await watcher.listClusters(ctx);
    expect(told).toEqual([]);
  });
});
