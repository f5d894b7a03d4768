import { type Context, throwIfEnded } from '@binnacle/machinery-context';
import { pageInTurns } from '@binnacle/server-flow-control';
import {
  type ChangeLog,
  expiredRevision,
  futureRevision,
  type Head,
  type Key,
  type ListOptions,
  type ListResult,
  type ListRevision,
  type OrderedObjects,
  pageOf,
  PageSearch,
  replayLog,
  type ResourceSize,
  type Revision,
  type Scope,
  ScopedWatch,
  sortKey,
  StorageError,
  type StorageReader,
  type StoredObject,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';
import type { WindowLimits } from './change-window.js';
import type { ClusterCache, IndexedFields } from './cluster-cache.js';
import { ClusterCaches } from './cluster-caches.js';

const PARALLEL_REPLAYS = 4;

type PastListOptions = ListOptions & { readonly revision: Extract<ListRevision, { at: 'exact' }> };

export interface WatchCacheOptions {
  readonly indexedFields?: IndexedFields;
  /** What each cluster keeps of its newest changes. */
  readonly window?: Partial<WindowLimits>;
  /** A cluster nobody watches is dropped after this long without a read, in milliseconds. */
  readonly idleAfter?: number;
  /**
   * Above this many bytes of bodies, clusters nobody watches are dropped, least recently used first, and recent changes
   * are let go of. What is alive in watched clusters is always held. 2 GiB by default.
   */
  readonly maxBytes?: number;
  /** Items that may wait for a slow watcher before it is cut off. */
  readonly maxPending?: number;
}

export interface CacheStats {
  readonly clusters: number;
  readonly objects: number;
  /** Of bodies, those of the windows included. */
  readonly bytes: number;
  readonly watchers: number;
  /** Revisions known to be committed that no cache holds yet. */
  readonly lag: number;
}

/** Where reads and watches are served from; writes go to the store itself. Reads are as fresh as the store's own. */
export class WatchCache implements StorageReader {
  private readonly caches: ClusterCaches;
  private readonly replays: Pick<ChangeLog, 'history'>;

  constructor(
    ctx: Context,
    private readonly source: StorageReader & ChangeLog,
    private readonly options: WatchCacheOptions = {},
  ) {
    this.caches = new ClusterCaches(ctx, source, options);
    this.replays = limitReplays(source);
  }

  async get(ctx: Context, key: Key, revision: ListRevision = { at: 'latest' }): Promise<StoredObject | undefined> {
    const cache = await this.cacheFor(ctx, key.cluster, revision);
    if (revision.at !== 'exact' || revision.revision === cache.revision) {
      return cache.present({ cluster: key.cluster, resource: key.resource }).get(sortKey(key));
    }
    const past = cache.past(key.resource, revision.revision);
    return past ? past.get(sortKey(key)) : this.source.get(ctx, key, revision);
  }

  async list(ctx: Context, scope: Scope, options: ListOptions): Promise<ListResult> {
    const { revision } = options;
    const cache = await this.cacheFor(ctx, scope.cluster, revision);
    const at = revision.at === 'exact' ? revision : now(cache);
    return this.page(ctx, cache, scope, { ...options, revision: at });
  }

  async watch(ctx: Context, scope: Scope, options: WatchOptions): Promise<Watch> {
    const { after } = options;
    const wanted: ListRevision = after === undefined ? { at: 'latest' } : { at: 'exact', revision: after };
    const cache = await this.cacheFor(ctx, scope.cluster, wanted);
    const { maxPending } = this.options;
    const begun = after === undefined ? await this.page(ctx, cache, scope, { revision: now(cache) }) : undefined;
    const position = after ?? begun?.revision ?? cache.revision;
    const watch: ScopedWatch = new ScopedWatch(ctx, scope, position, {
      ...options,
      ...(maxPending !== undefined && { maxPending }),
      newest: () => (attached ? cache.revision : watch.stream.position),
      offered: () => (attached ? 0 : cache.revision),
      onClose: () => cache.detach(watch),
    });
    if (begun) watch.begin(begun.items, begun.revision);
    let attached = cache.attach(watch);
    if (!attached) void this.catchUp(ctx, cache, watch).then(() => (attached = true));
    return watch.stream;
  }

  peek(key: Key): StoredObject | undefined {
    return this.caches.peek(key.cluster)?.present({ cluster: key.cluster, resource: key.resource }).get(sortKey(key));
  }

  peekAll(scope: Scope): readonly StoredObject[] | undefined {
    const cache = this.caches.peek(scope.cluster);
    return cache && pageOf(cache.present(scope), cache.revision, scope, {}).items;
  }

  sizeOf(cluster: string, resource: string): ResourceSize | undefined {
    return this.caches.peek(cluster)?.sizeOf(resource);
  }

  async revision(ctx: Context, cluster: string): Promise<Revision> {
    return this.source.revision(ctx, cluster);
  }

  /** Called where other fields of a cluster's kinds are indexed from now on. */
  reindex(cluster: string): void {
    this.caches.peek(cluster)?.reindex();
  }

  stats(): CacheStats {
    return this.caches.stats();
  }

  onLoad(listener: (cluster: string) => void): () => void {
    return this.caches.onLoad(listener);
  }

  onChange(resource: string, listener: (cluster: string) => void): () => void {
    return this.caches.onChange(resource, listener);
  }

  onForget(listener: (cluster: string) => void): () => void {
    return this.caches.onForget(listener);
  }

  watched(): readonly string[] {
    return this.caches.watched();
  }

  close(): void {
    this.caches.close();
  }

  private async page(ctx: Context, cache: ClusterCache, scope: Scope, options: PastListOptions): Promise<ListResult> {
    const { revision } = options.revision;
    const search = new PageSearch(revision, scope, options);
    const found = await pageInTurns(ctx, () => stateAt(cache, scope, revision), search);
    return found ?? this.source.list(ctx, scope, options);
  }

  /** A cache that may serve a read at the revision. */
  private async cacheFor(ctx: Context, cluster: string, wanted: ListRevision): Promise<ClusterCache> {
    if (wanted.at === 'any') return this.caches.loaded(ctx, cluster);
    const known = this.caches.peek(cluster);
    if (wanted.at === 'notOlderThan' && known && known.revision >= wanted.revision) return known;
    const before = known?.revision ?? 0;
    const head = await this.source.head(ctx, cluster);
    throwIfEnded(ctx);
    if (known && head.incarnation === known.incarnation && head.revision < before) this.rolledBack(known, head);
    const cache = await this.caches.loaded(ctx, cluster, head.incarnation);
    cache.noticed(head.revision);
    await cache.reached(ctx, revisionFor(wanted, head));
    return cache;
  }

  /** The database has less than it had: it was restored, or a standby took over that had not received everything. */
  private rolledBack(cache: ClusterCache, head: Head): void {
    cache.end(
      new StorageError('expired', `the log ends at ${head.revision}, not at ${cache.revision}`, {
        revision: head.revision,
      }),
    );
  }

  /** From the log, at the reader's pace, until the window takes over. */
  private async catchUp(ctx: Context, cache: ClusterCache, watch: ScopedWatch): Promise<void> {
    try {
      await cache.reachBack(watch.stream.position);
      while (!cache.attach(watch)) await replayLog(ctx, this.replays, watch, cache.revision);
      watch.stream.push([], cache.revision);
    } catch (error) {
      watch.stream.fail(error as Error);
    }
  }
}

const now = ({ revision }: ClusterCache) => ({ at: 'exact', revision }) as const;

/** Undefined where the cache does not reach back so far. */
function stateAt(cache: ClusterCache, scope: Scope, revision: Revision): OrderedObjects | undefined {
  return revision === cache.revision ? cache.present(scope) : cache.past(scope.resource, revision);
}

/** Replays of the past read a few at a time, so that they leave connections for everybody else. */
function limitReplays(source: ChangeLog): Pick<ChangeLog, 'history'> {
  let free = PARALLEL_REPLAYS;
  const waiting: (() => void)[] = [];
  return {
    async history(ctx, cluster, after, limit) {
      if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else free -= 1;
      try {
        return await source.history(ctx, cluster, after, limit);
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

/** What the cache must have reached. Throws for revisions that cannot be served at all. */
function revisionFor(wanted: ListRevision, head: Head): Revision {
  if (wanted.at === 'latest' || wanted.at === 'any') return head.revision;
  if (wanted.revision > head.revision) throw futureRevision(wanted.revision, head.revision);
  if (wanted.at === 'exact' && wanted.revision < head.oldest) throw expiredRevision(wanted.revision, head.oldest);
  return wanted.revision;
}
