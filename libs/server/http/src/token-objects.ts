import type { TokenObjects } from '@binnacle/server-auth';
import { parseBody, type StorageReader } from '@binnacle/server-storage';

/** Looks up in the store whether what a token names still exists. */
export function storedTokenObjects(storage: StorageReader): TokenObjects {
  return {
    async uidOf(ctx, cluster, resource, { namespace, name }) {
      const key = { cluster, resource, namespace, name };
      const stored = (await storage.get(ctx, key, { at: 'any' })) ?? (await storage.get(ctx, key, { at: 'latest' }));
      return stored && parseBody(stored).metadata.uid;
    },
  };
}
