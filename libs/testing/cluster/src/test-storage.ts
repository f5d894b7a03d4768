import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { Context } from '@binnacle/machinery-context';
import { type DecisionStore, MemoryStorage, type SignInStores, type Storage } from '@binnacle/server-storage';
import { createPostgresStorage, postgresSignIn } from '@binnacle/server-storage-postgres';
import { freshDatabase } from '@binnacle/server-storage-postgres/testing';
import { fixedResourceSets, indexedFields } from '@binnacle/server-registry';
import { CachedStorage, WatchCache } from '@binnacle/server-watch-cache';

export interface TestStorage {
  readonly storage: Storage;
  /** What people sign in with; only a database has that. */
  readonly signIn?: SignInStores;
  /** What schedulers decided, where a database keeps it. */
  readonly decisions?: DecisionStore;
  dispose(): Promise<void>;
}

/** The store of one test: as in production over a database of its own, or in memory. What is given is not disposed. */
export async function freshStorage(ctx: Context, given: Storage | 'memory' | undefined): Promise<TestStorage> {
  if (given === 'memory') {
    const memory = new MemoryStorage();
    return { storage: memory, dispose: () => memory.close() };
  }
  if (given) return { storage: given, dispose: () => Promise.resolve() };
  const database = await freshDatabase();
  const { storage, signIn, decisions } = await cachedStorage(ctx, database.url);
  return {
    storage,
    signIn,
    decisions,
    dispose: async () => {
      await storage.close();
      await database.drop();
    },
  };
}

/** A store as one API server has it: its own connections, and a cache of its own. */
async function cachedStorage(ctx: Context, databaseUrl: string) {
  const postgres = await createPostgresStorage(ctx, { databaseUrl, migrate: true });
  const sets = fixedResourceSets(builtinResources);
  const storage = new CachedStorage(postgres, new WatchCache(ctx, postgres, { indexedFields: indexedFields(sets) }));
  const { dataSource, decisions } = postgres;
  return {
    storage,
    decisions,
    signIn: postgresSignIn(dataSource),
  };
}

/** The stores of several API servers over one database. */
export interface ReplicatedStorage {
  readonly storages: readonly Storage[];
  dispose(): Promise<void>;
}

export async function replicatedStorage(ctx: Context, count: number): Promise<ReplicatedStorage> {
  const database = await freshDatabase();
  const storages: Storage[] = [];
  // One after the other: the first makes the tables.
  for (let index = 0; index < count; index += 1) storages.push((await cachedStorage(ctx, database.url)).storage);
  return {
    storages,
    dispose: async () => {
      await Promise.all(storages.map((storage) => storage.close()));
      await database.drop();
    },
  };
}
