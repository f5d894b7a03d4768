import type { Context } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { TokenObjects } from '@binnacle/server-auth';
import { type Key, parseBody, type StorageReader } from '@binnacle/server-storage';

const LEEWAY_MILLISECONDS = 60_000;

/** What is not in the cache yet may be in the store. */
async function find(storage: StorageReader, ctx: Context, key: Key): Promise<UnstructuredObject | undefined> {
  const stored = (await storage.get(ctx, key, { at: 'any' })) ?? (await storage.get(ctx, key, { at: 'latest' }));
  return stored && parseBody(stored);
}

/** Looks up in the store whether what a token names still exists. */
export function storedTokenObjects(storage: StorageReader): TokenObjects {
  return {
    async uidOf(ctx, cluster, resource, place) {
      const { uid, deletionTimestamp } = (await find(storage, ctx, { cluster, resource, ...place }))?.metadata ?? {};
      // As upstream, what is being deleted counts for as long as clocks may differ.
      const isGone = deletionTimestamp && Date.parse(deletionTimestamp) < ctx.clock.now() - LEEWAY_MILLISECONDS;
      return isGone ? undefined : uid;
    },
    async tokenIn(ctx, cluster, place) {
      const secret = await find(storage, ctx, { cluster, resource: 'secrets', ...place });
      const { token } = (secret?.data ?? {}) as { token?: string };
      if (!token || secret?.metadata.deletionTimestamp) return undefined;
      return Buffer.from(token, 'base64').toString();
    },
  };
}
