import type { Context } from '@binnacle/machinery-context';
import { expiredRevision, futureRevision, StorageError, unknownCluster } from '../errors.js';
import { checkWrite } from '../check-write.js';
import { sortKey } from '../keys.js';
import { checkClusterName } from '../moment.js';
import { pageOf } from '../page.js';
import { ResourceListeners } from '../resource-listeners.js';
import { changeItem, ScopedWatch } from '../scoped-watch.js';
import { isSignOfLife } from '../signs-of-life.js';
import { SortedMap } from '../sorted-map.js';
import type {
  Change,
  ChangePage,
  ChangeRange,
  ClusterInfo,
  ClusterListener,
  ClusterMove,
  Head,
  Key,
  ListOptions,
  ListResult,
  ListRevision,
  LogListener,
  Revision,
  Scope,
  Snapshot,
  Storage,
  StoredObject,
  Watch,
  WatchOptions,
  Write,
} from '../types.js';
import { MemoryCluster } from './memory-cluster.js';

/** The whole contract without a disk: for tests and throw-away clusters. Nothing survives the process. */
export class MemoryStorage implements Storage {
  private readonly clusters = new Map<string, MemoryCluster>();
  private readonly followers = new Set<ClusterListener>();
  private readonly listeners = new ResourceListeners();
  private incarnations = 0;

  onChange(resource: string, listener: (cluster: string) => void): () => void {
    return this.listeners.add(resource, listener);
  }

  async get(_ctx: Context, key: Key, revision: ListRevision = { at: 'latest' }): Promise<StoredObject | undefined> {
    const cluster = this.cluster(key.cluster);
    return cluster.stateAt(key.resource, readRevision(cluster, revision)).get(sortKey(key));
  }

  async list(_ctx: Context, scope: Scope, options: ListOptions): Promise<ListResult> {
    const cluster = this.cluster(scope.cluster);
    const revision = readRevision(cluster, options.revision);
    return pageOf(cluster.stateAt(scope.resource, revision), revision, scope, options);
  }

  peek(key: Key): StoredObject | undefined {
    return this.clusters.get(key.cluster)?.resources.get(key.resource)?.get(sortKey(key));
  }

  peekAll(scope: Scope): readonly StoredObject[] | undefined {
    const cluster = this.clusters.get(scope.cluster);
    const present = cluster?.resources.get(scope.resource) ?? new SortedMap<StoredObject>();
    return cluster && pageOf(present, cluster.revision, scope, {}).items;
  }

  async watch(ctx: Context, scope: Scope, options: WatchOptions): Promise<Watch> {
    const cluster = this.cluster(scope.cluster);
    const { after } = options;
    const backlog = after === undefined ? [] : cluster.changesAfter(after);
    let stop = (): void => undefined;
    const watch = new ScopedWatch(ctx, scope, after ?? cluster.revision, { ...options, onClose: () => stop() });
    if (after === undefined) {
      const present = cluster.resources.get(scope.resource) ?? new SortedMap<StoredObject>();
      watch.begin(pageOf(present, cluster.revision, scope, {}).items, cluster.revision);
    }
    watch.replay(backlog.map(changeItem));
    if (watch.stream.closed) return watch.stream;
    stop = cluster.follow({
      changes: (batch) => watch.feed(batch.map(changeItem)),
      failed: (error) => watch.stream.fail(error),
    });
    return watch.stream;
  }

  async revision(_ctx: Context, cluster: string): Promise<Revision> {
    return this.cluster(cluster).revision;
  }

  async write(ctx: Context, write: Write): Promise<StoredObject> {
    checkWrite(ctx, write);
    const cluster = this.cluster(write.key.cluster);
    const stored = cluster.write(ctx, write, () => this.listeners.tell(cluster.name, write.key.resource));
    if (!isSignOfLife(write.key.resource)) this.tell(moveOf(cluster));
    return stored;
  }

  async createCluster(ctx: Context, name: string): Promise<ClusterInfo> {
    return info(this.add(ctx, name, 0));
  }

  async deleteCluster(_ctx: Context, name: string): Promise<void> {
    const cluster = this.cluster(name);
    this.clusters.delete(name);
    cluster.end(unknownCluster(name));
    this.tell({ ...moveOf(cluster), deleted: true });
  }

  async listClusters(_ctx: Context): Promise<readonly ClusterInfo[]> {
    return [...this.clusters.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(info);
  }

  async compact(_ctx: Context, cluster: string, oldest: Revision): Promise<void> {
    this.cluster(cluster).compact(oldest);
  }

  async forkCluster(ctx: Context, source: string, revision: Revision, name: string): Promise<ClusterInfo> {
    const from = this.cluster(source);
    const at = readRevision(from, { at: 'exact', revision });
    const states = [...from.resources.keys()].map((resource) => from.stateAt(resource, at));
    const fork = this.add(ctx, name, at);
    for (const state of states) {
      for (const object of state.range()) fork.adopt({ ...object, key: { ...object.key, cluster: name } });
    }
    this.listeners.tellAll(name);
    return info(fork);
  }

  async changes(_ctx: Context, range: ChangeRange): Promise<ChangePage> {
    return this.cluster(range.cluster).changes(range);
  }

  async revisionAt(_ctx: Context, cluster: string, time: number): Promise<Revision> {
    return this.cluster(cluster).revisionAt(time);
  }

  async head(_ctx: Context, name: string): Promise<Head> {
    return headOf(this.cluster(name));
  }

  async snapshot(_ctx: Context, name: string): Promise<Snapshot> {
    const cluster = this.cluster(name);
    const resources = [...cluster.resources.keys()].sort();
    const chunks = resources.map((resource) => [...(cluster.resources.get(resource)?.range() ?? [])]);
    return { ...headOf(cluster), items: each(chunks) };
  }

  async history(_ctx: Context, cluster: string, after: Revision, limit: number): Promise<readonly Change[]> {
    return this.cluster(cluster).changesAfter(after, limit);
  }

  follow(name: string, after: Revision, listener: LogListener, incarnation?: string): () => void {
    let stop: (() => void) | undefined;
    let stopped = false;
    // Never calls back before it has returned, as no other implementation can.
    queueMicrotask(() => {
      if (stopped) return;
      try {
        const cluster = this.cluster(name);
        if (incarnation !== undefined && incarnation !== cluster.incarnation) throw unknownCluster(name);
        const backlog = cluster.changesAfter(after);
        if (backlog.length > 0) listener.changes(backlog);
        if (!stopped) stop = cluster.follow(listener);
      } catch (error) {
        listener.failed(error as Error);
      }
    });
    return () => {
      stopped = true;
      stop?.();
    };
  }

  async followClusters(_ctx: Context, listener: ClusterListener): Promise<() => void> {
    listener([...this.clusters.values()].map(moveOf));
    this.followers.add(listener);
    return () => this.followers.delete(listener);
  }

  async close(): Promise<void> {
    for (const cluster of this.clusters.values()) cluster.end(new StorageError('unavailable', 'the store was closed'));
    this.clusters.clear();
  }

  private add(ctx: Context, name: string, at: Revision): MemoryCluster {
    checkClusterName(name);
    if (this.clusters.has(name)) throw new StorageError('exists', `cluster ${JSON.stringify(name)} exists`);
    this.incarnations += 1;
    const cluster = new MemoryCluster(name, String(this.incarnations), ctx.clock.now(), this.freePlace());
    cluster.revision = at;
    cluster.oldest = at;
    this.clusters.set(name, cluster);
    this.tell(moveOf(cluster));
    return cluster;
  }

  private freePlace(): number {
    const taken = new Set([...this.clusters.values()].map(({ place }) => place));
    let place = 0;
    while (taken.has(place)) place += 1;
    return place;
  }

  private tell(move: ClusterMove): void {
    for (const listener of this.followers) listener([move]);
  }

  private cluster(name: string): MemoryCluster {
    const cluster = this.clusters.get(name);
    if (!cluster) throw unknownCluster(name);
    return cluster;
  }
}

function readRevision(cluster: MemoryCluster, wanted: ListRevision): Revision {
  if (wanted.at === 'latest' || wanted.at === 'any') return cluster.revision;
  if (wanted.revision > cluster.revision) throw futureRevision(wanted.revision, cluster.revision);
  if (wanted.at === 'notOlderThan') return cluster.revision;
  if (wanted.revision < cluster.oldest) throw expiredRevision(wanted.revision, cluster.oldest);
  return wanted.revision;
}

function headOf({ revision, oldest, incarnation }: MemoryCluster): Head {
  return { revision, oldest, incarnation };
}

function info(cluster: MemoryCluster): ClusterInfo {
  const { name, revision, createdAt, oldest, incarnation, place } = cluster;
  return { name, revision, createdAt, oldest, incarnation, place };
}

function moveOf({ name, revision, createdAt, incarnation, place }: MemoryCluster): ClusterMove {
  return { name, revision, createdAt, incarnation, place };
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
