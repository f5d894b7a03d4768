import { type Context, throwIfEnded } from '@binnacle/machinery-context';
import { type ChangeLog, ResourceListeners, StorageError } from '@binnacle/server-storage';
import { ClusterCache, type ClusterCacheOptions } from './cluster-cache.js';
import type { CacheStats, WatchCacheOptions } from './watch-cache.js';

const WINDOW = { changes: 10_000, bytes: 32 * 1024 * 1024 };
const IDLE_AFTER = 5 * 60_000;
/** What is loaded within a few milliseconds need not be kept for long. */
const SMALL = { bytes: 1024 ** 2, idleAfter: 60_000 };
const MAX_BYTES = 2 * 1024 ** 3;
const SWEEP_EVERY = 30_000;
const NO_FIELDS: readonly string[] = [];

interface Entry {
  readonly loading: Promise<ClusterCache>;
  cache?: ClusterCache;
}

/** The caches of all clusters in use: loaded on demand, once, and dropped when nobody needs them. */
export class ClusterCaches {
  private readonly entries = new Map<string, Entry>();
  private readonly loadListeners = new Set<(cluster: string) => void>();
  private readonly forgetListeners = new Set<(cluster: string) => void>();
  private readonly resourceListeners = new ResourceListeners();
  private cancelSweep: () => void = () => undefined;

  constructor(
    private readonly ctx: Context,
    private readonly log: ChangeLog,
    private readonly options: WatchCacheOptions,
  ) {
    this.sweepLater();
  }

  /** The cluster's cache, where it is loaded. */
  peek(name: string): ClusterCache | undefined {
    const cache = this.entries.get(name)?.cache;
    if (cache) cache.lastUsed = this.ctx.clock.now();
    return cache;
  }

  /** The cluster's cache; one of another incarnation is dropped first. */
  async loaded(ctx: Context, name: string, incarnation?: string): Promise<ClusterCache> {
    const cache = await this.entry(name).loading;
    if (incarnation !== undefined && cache.incarnation !== incarnation) {
      cache.end(new StorageError('unknownCluster', `cluster ${JSON.stringify(name)} was deleted`));
      return this.entry(name).loading;
    }
    cache.lastUsed = this.ctx.clock.now();
    throwIfEnded(ctx);
    return cache;
  }

  /** Calls the listener with every cluster that is loaded from now on, until the returned call. */
  onLoad(listener: (cluster: string) => void): () => void {
    this.loadListeners.add(listener);
    return () => this.loadListeners.delete(listener);
  }

  /** Calls the listener with every cluster that is dropped from now on, until the returned call. */
  onForget(listener: (cluster: string) => void): () => void {
    this.forgetListeners.add(listener);
    return () => this.forgetListeners.delete(listener);
  }

  onChange(resource: string, listener: (cluster: string) => void): () => void {
    return this.resourceListeners.add(resource, listener);
  }

  /** Clusters that somebody watches. */
  watched(): string[] {
    return this.all()
      .filter((cache) => cache.watchers > 0)
      .map((cache) => cache.name);
  }

  stats(): CacheStats {
    const caches = this.all();
    const sum = (count: (cache: ClusterCache) => number) => caches.reduce((total, cache) => total + count(cache), 0);
    return {
      clusters: caches.length,
      objects: sum((cache) => cache.objects),
      bytes: sum((cache) => cache.bytes + cache.windowBytes),
      watchers: sum((cache) => cache.watchers),
      lag: sum((cache) => cache.lag),
    };
  }

  close(): void {
    this.cancelSweep();
    for (const cache of this.all()) cache.end(new StorageError('unavailable', 'the cache was closed'));
  }

  private all(): ClusterCache[] {
    return [...this.entries.values()].flatMap((entry) => entry.cache ?? []);
  }

  private entry(name: string): Entry {
    const known = this.entries.get(name);
    if (known) return known;
    // Loading goes on when the reader that began it gives up: others wait for it too.
    const loading = ClusterCache.load(
      name,
      this.optionsFor(() => this.forget(name, entry)),
    );
    const entry: Entry = { loading };
    this.entries.set(name, entry);
    loading.then(
      (cache) => this.loadedNow(entry, cache),
      () => this.forget(name, entry),
    );
    return entry;
  }

  private loadedNow(entry: Entry, cache: ClusterCache): void {
    cache.lastUsed = this.ctx.clock.now();
    entry.cache = cache;
    this.resourceListeners.tellAll(cache.name);
    for (const listener of this.loadListeners) listener(cache.name);
  }

  private optionsFor(onEnd: () => void): ClusterCacheOptions {
    const { indexedFields = () => NO_FIELDS, window } = this.options;
    return {
      ctx: this.ctx,
      log: this.log,
      indexedFields,
      window: { ...WINDOW, ...window },
      onEnd,
      onChanges: (cluster, resources) => this.resourceListeners.tellOf(cluster, resources),
    };
  }

  private forget(name: string, entry: Entry): void {
    if (this.entries.get(name) !== entry) return;
    this.entries.delete(name);
    for (const listener of this.forgetListeners) listener(name);
  }

  private sweepLater(): void {
    this.cancelSweep = this.ctx.clock.after(SWEEP_EVERY, () => {
      this.sweep();
      this.sweepLater();
    });
  }

  /** Drops what nobody watches and nobody has read for long; while there is too much, more of it, then recent changes. */
  private sweep(): void {
    const { idleAfter = IDLE_AFTER, maxBytes = MAX_BYTES } = this.options;
    const idle = this.all().filter((cache) => cache.watchers === 0);
    idle.sort((a, b) => a.lastUsed - b.lastUsed);
    let { bytes } = this.stats();
    for (const cache of idle) {
      const patience = cache.bytes < SMALL.bytes ? Math.min(idleAfter, SMALL.idleAfter) : idleAfter;
      const old = this.ctx.clock.now() - cache.lastUsed >= patience;
      if (!old && bytes <= maxBytes) continue;
      bytes -= cache.bytes + cache.windowBytes;
      cache.end(dropped());
    }
    if (bytes > maxBytes) this.trimWindows(maxBytes);
  }

  /** Shares what the objects leave of the limit among the windows. A watch that starts before its window reads the log. */
  private trimWindows(maxBytes: number): void {
    const caches = this.all();
    const objects = caches.reduce((bytes, cache) => bytes + cache.bytes, 0);
    for (const cache of caches) cache.trimWindow(Math.max(0, maxBytes - objects) / caches.length);
  }
}

function dropped(): StorageError {
  return new StorageError('unavailable', 'the cache was dropped', { retryAfterSeconds: 1 });
}
