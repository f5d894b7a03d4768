import type { Context } from '@binnacle/machinery-context';
import { type ChangeLog, StorageError } from '@binnacle/server-storage';
import { ClusterCache, type ClusterCacheOptions } from './cluster-cache.js';
import type { CacheStats, WatchCacheOptions } from './watch-cache.js';

const WINDOW = { changes: 10_000, bytes: 32 * 1024 * 1024 };
const IDLE_AFTER = 5 * 60_000;
const MAX_BYTES = 2 * 1024 ** 3;
const SWEEP_EVERY = 30_000;

interface Entry {
  readonly loading: Promise<ClusterCache>;
  cache?: ClusterCache;
}

/** The caches of all clusters in use: loaded on demand, once, and dropped when nobody needs them. */
export class ClusterCaches {
  private readonly entries = new Map<string, Entry>();
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
    ctx.signal.throwIfAborted();
    return cache;
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
      (cache) => (entry.cache = cache),
      () => this.forget(name, entry),
    );
    return entry;
  }

  private optionsFor(onEnd: () => void): ClusterCacheOptions {
    const { indexedFields = ['spec.nodeName'], window } = this.options;
    return { ctx: this.ctx, log: this.log, indexedFields, window: { ...WINDOW, ...window }, onEnd };
  }

  private forget(name: string, entry: Entry): void {
    if (this.entries.get(name) === entry) this.entries.delete(name);
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
    for (const cache of idle) {
      const old = this.ctx.clock.now() - cache.lastUsed >= idleAfter;
      if (old || this.stats().bytes > maxBytes) cache.end(dropped());
    }
    if (this.stats().bytes > maxBytes) this.trimWindows(maxBytes);
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
