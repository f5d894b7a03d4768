import type { Context } from '@binnacle/machinery-context';
import type {
  ChangeRange,
  ClusterListener,
  Key,
  ListOptions,
  ListRevision,
  LogListener,
  Revision,
  Scope,
  Storage,
  WatchOptions,
  Write,
} from '@binnacle/server-storage';
import type { WatchCache } from './watch-cache.js';

/** A store whose reads and watches are served by a cache in front of it; everything else goes to the store. */
export class CachedStorage implements Storage {
  constructor(
    private readonly source: Storage,
    readonly cache: WatchCache,
  ) {}

  get(ctx: Context, key: Key, revision?: ListRevision) {
    return this.cache.get(ctx, key, revision);
  }

  list(ctx: Context, scope: Scope, options: ListOptions) {
    return this.cache.list(ctx, scope, options);
  }

  watch(ctx: Context, scope: Scope, options: WatchOptions) {
    return this.cache.watch(ctx, scope, options);
  }

  peek(key: Key) {
    return this.cache.peek(key);
  }

  peekAll(scope: Scope) {
    return this.cache.peekAll(scope);
  }

  sizeOf(cluster: string, resource: string) {
    return this.cache.sizeOf(cluster, resource);
  }

  revision(ctx: Context, cluster: string) {
    return this.source.revision(ctx, cluster);
  }

  write(ctx: Context, write: Write) {
    return this.source.write(ctx, write);
  }

  createCluster(ctx: Context, name: string) {
    return this.source.createCluster(ctx, name);
  }

  deleteCluster(ctx: Context, name: string) {
    return this.source.deleteCluster(ctx, name);
  }

  listClusters(ctx: Context) {
    return this.source.listClusters(ctx);
  }

  followClusters(ctx: Context, listener: ClusterListener) {
    return this.source.followClusters(ctx, listener);
  }

  compact(ctx: Context, cluster: string, oldest: Revision) {
    return this.source.compact(ctx, cluster, oldest);
  }

  forkCluster(ctx: Context, source: string, revision: Revision, name: string) {
    return this.source.forkCluster(ctx, source, revision, name);
  }

  changes(ctx: Context, range: ChangeRange) {
    return this.source.changes(ctx, range);
  }

  revisionAt(ctx: Context, cluster: string, time: number) {
    return this.source.revisionAt(ctx, cluster, time);
  }

  head(ctx: Context, cluster: string) {
    return this.source.head(ctx, cluster);
  }

  snapshot(ctx: Context, cluster: string) {
    return this.source.snapshot(ctx, cluster);
  }

  history(ctx: Context, cluster: string, after: Revision, limit: number) {
    return this.source.history(ctx, cluster, after, limit);
  }

  follow(cluster: string, after: Revision, listener: LogListener, incarnation?: string) {
    return this.source.follow(cluster, after, listener, incarnation);
  }

  onLoad(listener: (cluster: string) => void) {
    return this.cache.onLoad(listener);
  }

  onChange(resource: string, listener: (cluster: string) => void) {
    return this.cache.onChange(resource, listener);
  }

  onForget(listener: (cluster: string) => void) {
    return this.cache.onForget(listener);
  }

  watched() {
    return this.cache.watched();
  }

  async close(): Promise<void> {
    this.cache.close();
    await this.source.close();
  }
}
