// 150,000 Pods of 2 KiB in one cluster: start-up, memory, lists.
import { WatchCache } from '@binnacle/server-watch-cache';
import { createMany, ctx, memory, openStore, podWrite, round, table, timed } from './setup.mjs';

const NODES = 5_000;
const NAMESPACES = 100;

function* podsOf(count) {
  for (let i = 0; i < count; i += 1)
    yield podWrite('big', `pod-${i}`, { namespace: `ns-${i % NAMESPACES}`, node: `node-${i % NODES}` });
}

export async function pods({ count }) {
  const { storage, close } = await openStore();
  try {
    await storage.createCluster(ctx, 'big');
    const filled = await timed(() => createMany(storage, podsOf(count), 1_024));
    const before = memory();
    const cache = new WatchCache(ctx, storage);
    const scope = { cluster: 'big', resource: 'pods' };
    const latest = { revision: { at: 'latest' } };
    const loaded = await timed(() => cache.list(ctx, scope, { ...latest, limit: 1 }));
    const after = memory();
    const namespace = await timed(() => cache.list(ctx, { ...scope, namespace: 'ns-7' }, latest));
    const matches = ({ fields }) => fields['spec.nodeName'] === 'node-7';
    const node = await timed(() =>
      cache.list(ctx, { ...scope, matches, index: { field: 'spec.nodeName', value: 'node-7' } }, latest),
    );
    const paged = await timed(async () => {
      let page = await cache.list(ctx, scope, { ...latest, limit: 500 });
      let listed = page.items.length;
      const revision = { at: 'exact', revision: page.revision };
      while (page.more) {
        page = await cache.list(ctx, scope, { revision, limit: 500, after: page.items[page.items.length - 1].key });
        listed += page.items.length;
      }
      return listed;
    });
    cache.close();
    const result = {
      count,
      fillSeconds: round(filled.milliseconds / 1_000),
      startSeconds: round(loaded.milliseconds / 1_000),
      heldMiB: round(after.held - before.held, 1),
      residentMiB: after.rss,
      namespaceMs: namespace.milliseconds,
      namespaceItems: namespace.result.items.length,
      nodeMs: node.milliseconds,
      nodeItems: node.result.items.length,
      pagedMs: paged.milliseconds,
      pagedItems: paged.result,
    };
    table(`${count} Pods of 2 KiB in one cluster`, {
      'creating them, s': result.fillSeconds,
      'loading the cache, s': result.startSeconds,
      'memory held, MiB': result.heldMiB,
      'resident, MiB': result.residentMiB,
      [`list of one namespace (${result.namespaceItems}), ms`]: result.namespaceMs,
      [`list of one node's Pods (${result.nodeItems}), ms`]: result.nodeMs,
      [`paged list of all (${result.pagedItems}), ms`]: result.pagedMs,
    });
    return result;
  } finally {
    await close();
  }
}
