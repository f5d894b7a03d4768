import { MemoryStorage, type Scope } from '@binnacle/server-storage';
import { Bench, testContext, WatchReader } from '@binnacle/server-storage/suite';
import { describe, expect, it } from 'vitest';
import { WatchCache, type WatchCacheOptions } from './watch-cache.js';

const OBJECTS = 400;
const LATEST = { revision: { at: 'latest' } } as const;

/** What looks at an object for so long that others come in between. */
function slowly(namespace: string): Scope {
  const matches: Scope['matches'] = (_, key) => {
    for (const end = performance.now() + 0.1; performance.now() < end; );
    return /[05]$/.test(key.name);
  };
  return { cluster: 'main', resource: 'pods', namespace, matches };
}

async function make(options: WatchCacheOptions = {}) {
  const ctx = testContext();
  const storage = new MemoryStorage();
  const reader = new WatchCache(ctx, storage, options);
  await storage.createCluster(ctx, 'main');
  const bench = new Bench(ctx, { storage, reader, close: async () => reader.close() }, 'main');
  for (let at = 0; at < OBJECTS; at += 1) await bench.create(`p${String(at).padStart(4, '0')}`);
  const some = await reader.list(ctx, { cluster: 'main', resource: 'pods' }, { ...LATEST, limit: 1 });
  return { ctx, reader, bench, namespace: some.items[0]?.key.namespace ?? '' };
}

/** Writes until the work is done; answers how often. */
async function writeMeanwhile(bench: Bench, work: Promise<unknown>): Promise<number> {
  let done = false;
  let writes = 0;
  void work.finally(() => (done = true));
  for (;;) {
    await new Promise(setImmediate);
    if (done) return writes;
    await bench.create(`q${writes}0`);
    writes += 1;
  }
}

describe('a list of few among many', () => {
  it.each([
    ['from the window', {}],
    ['from the store where the window has moved on', { window: { changes: 1 } }],
  ])('is of one revision, whatever is written while it is looked for: %s', async (_, options) => {
    const { ctx, reader, bench, namespace } = await make(options);
    const scope = slowly(namespace);
    const listing = reader.list(ctx, scope, LATEST);
    expect(await writeMeanwhile(bench, listing)).toBeGreaterThan(0);
    const { items, revision, more } = await listing;
    expect({ count: items.length, revision, more }).toEqual({ count: OBJECTS / 5, revision: OBJECTS, more: false });
  });

  it('is what a watch begins with, which then misses nothing and tells nothing twice', async () => {
    const { ctx, reader, bench, namespace } = await make();
    const starting = reader.watch(ctx, slowly(namespace), {});
    const writes = await writeMeanwhile(bench, starting);
    const told = new WatchReader(await starting);
    const changes = await told.changes(OBJECTS / 5);
    expect(await told.next()).toMatchObject({ kind: 'bookmark', revision: OBJECTS });
    const later = await told.changes(writes);
    expect(new Set([...changes, ...later]).size).toBe(OBJECTS / 5 + writes);
    told.watch.close();
  });

  it('ends with its asker', async () => {
    const { ctx, reader, namespace } = await make();
    const asker = new AbortController();
    const listing = reader.list({ ...ctx, signal: asker.signal }, slowly(namespace), LATEST);
    setImmediate(() => asker.abort(new Error('has left')));
    await expect(listing).rejects.toThrow('has left');
  });
});
