// A thousand logical clusters: what they cost to make, to hold, and to their neighbours.
import { WatchCache } from '@binnacle/server-watch-cache';
import { createMany, ctx, memory, openStore, podWrite, round, summary, table, timed } from './setup.mjs';

const CLUSTERS = 1_000;
const OBJECTS = 50;

async function latencyOf(storage, cluster, writes) {
  const latencies = [];
  let object = await storage.write(ctx, podWrite(cluster, 'probe'));
  for (let i = 0; i < writes; i += 1) {
    const before = performance.now();
    object = await storage.write(ctx, { ...podWrite(cluster, 'probe'), op: 'update', expected: object.revision });
    latencies.push(performance.now() - before);
  }
  return summary(latencies);
}

export async function clusters() {
  const { storage, close } = await openStore();
  const cache = new WatchCache(ctx, storage);
  try {
    await storage.createCluster(ctx, 'alone');
    const alone = await latencyOf(storage, 'alone', 500);
    const names = Array.from({ length: CLUSTERS }, (_, i) => `lab-${i}`);
    const created = await timed(async () => {
      for (const name of names) await storage.createCluster(ctx, name);
    });
    const filled = await timed(() =>
      createMany(
        storage,
        names.flatMap((name) => Array.from({ length: OBJECTS }, (_, i) => podWrite(name, `pod-${i}`))),
      ),
    );
    const among = await latencyOf(storage, 'lab-500', 500);
    const before = memory();
    const loaded = await timed(async () => {
      for (const name of names)
        await cache.list(ctx, { cluster: name, resource: 'pods' }, { revision: { at: 'latest' }, limit: 1 });
    });
    const after = memory();
    const forked = await timed(() => storage.forkCluster(ctx, 'lab-1', OBJECTS, 'fork'));
    const deleted = await timed(() => storage.deleteCluster(ctx, 'lab-2'));
    const result = {
      createdPerSecond: Math.round((CLUSTERS / created.milliseconds) * 1_000),
      filledPerSecond: Math.round(((CLUSTERS * OBJECTS) / filled.milliseconds) * 1_000),
      cacheMiBPerCluster: round((after.held - before.held) / CLUSTERS, 3),
      loadMsPerCluster: round(loaded.milliseconds / CLUSTERS),
      writeAlone: alone,
      writeAmongThousand: among,
      forkMs: forked.milliseconds,
      deleteMs: deleted.milliseconds,
    };
    table(`${CLUSTERS} logical clusters of ${OBJECTS} objects`, {
      'clusters created a second': result.createdPerSecond,
      'objects created a second, over all': result.filledPerSecond,
      'memory of a cached cluster, MiB': result.cacheMiBPerCluster,
      'loading a cluster, ms': result.loadMsPerCluster,
      'a write in the only cluster, p50 / p99 ms': `${alone.p50} / ${alone.p99}`,
      'a write in one of a thousand, p50 / p99 ms': `${among.p50} / ${among.p99}`,
      'fork, ms': result.forkMs,
      'delete, ms': result.deleteMs,
    });
    return result;
  } finally {
    cache.close();
    await close();
  }
}
