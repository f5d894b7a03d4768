import type { Soon } from '@binnacle/machinery-context';
import type { RequestContext } from '@binnacle/server-registry';
import type { Key, Scope, StorageReader, StoredObject } from '@binnacle/server-storage';

/** An object as the cache knows it; what that does not know may still be there. */
export function findKnown(storage: StorageReader, ctx: RequestContext, key: Key): Soon<StoredObject | undefined> {
  return storage.peek(key) ?? storage.get(ctx, key, { at: 'latest' });
}

/** All objects of a scope as the cache knows them, once it knows the cluster. */
export function listKnown(storage: StorageReader, ctx: RequestContext, scope: Scope): Soon<readonly StoredObject[]> {
  return storage.peekAll(scope) ?? storage.list(ctx, scope, { revision: { at: 'any' } }).then(({ items }) => items);
}
