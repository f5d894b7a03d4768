// Lists and pages from cached bytes, and what the cache costs in memory.
import { jsonPieces } from '@binnacle/server-storage';
import { WatchCache } from '@binnacle/server-watch-cache';
import { createMany, ctx, memory, openStore, podWrite, round, table } from './setup.mjs';

const OBJECTS = 10_000;
const PAGE = 500;

/** The body of a List, as pieces to be written without joining them. */
function listBytes(items) {
  let bytes = 0;
  for (const item of items) for (const piece of jsonPieces(item)) bytes += piece.length;
  return bytes;
}

async function cpuOf(times, what) {
  await what();
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await what();
  const { user, system } = process.cpuUsage(before);
  return round((user + system) / 1_000 / times);
}

async function pages(cache, scope) {
  let count = 0;
  let page = await cache.list(ctx, scope, { revision: { at: 'latest' }, limit: PAGE });
  const revision = { at: 'exact', revision: page.revision };
  for (;;) {
    count += page.items.length;
    listBytes(page.items);
    const after = page.items[page.items.length - 1]?.key;
    if (!page.more) return count;
    page = await cache.list(ctx, scope, { revision, limit: PAGE, after });
  }
}

export async function reads() {
  const { storage, close } = await openStore();
  try {
    await storage.createCluster(ctx, 'reads');
    await createMany(
      storage,
      Array.from({ length: OBJECTS }, (_, i) => podWrite('reads', `pod-${i}`)),
    );
    const before = memory();
    const cache = new WatchCache(ctx, storage);
    const scope = { cluster: 'reads', resource: 'pods' };
    await cache.list(ctx, scope, { revision: { at: 'latest' }, limit: 1 });
    const after = memory();
    const all = async () => listBytes((await cache.list(ctx, scope, { revision: { at: 'latest' } })).items);
    const parsed = async () => {
      const { items } = await cache.list(ctx, scope, { revision: { at: 'latest' } });
      return JSON.stringify(items.map((item) => JSON.parse(item.body.toString()))).length;
    };
    const result = {
      listMs: await cpuOf(20, all),
      listParsedMs: await cpuOf(3, parsed),
      pageMs: await cpuOf(50, async () =>
        listBytes((await cache.list(ctx, scope, { revision: { at: 'latest' }, limit: PAGE })).items),
      ),
      allPagesMs: await cpuOf(5, () => pages(cache, scope)),
      cacheMiB: round(after.held - before.held, 1),
      residentMiB: round(after.rss - before.rss, 1),
    };
    cache.close();
    table(`${OBJECTS} objects of 2 KiB in the cache`, {
      'list of all, CPU ms': result.listMs,
      'the same, parsed and stringified, CPU ms': result.listParsedMs,
      [`page of ${PAGE}, CPU ms`]: result.pageMs,
      [`all pages of ${PAGE} at one revision, CPU ms`]: result.allPagesMs,
      'memory held, MiB': result.cacheMiB,
    });
    return result;
  } finally {
    await close();
  }
}
