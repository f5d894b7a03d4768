import type { Context } from '@binnacle/machinery-context';
import {
  type Change,
  type ChangeItem,
  type ChangeLog,
  changeItem,
  type Head,
  type OrderedObjects,
  PastView,
  type ResourceSize,
  type Revision,
  type Scope,
  type ScopedWatch,
  type Snapshot,
  SortedMap,
  sortKey,
  StorageError,
  type StoredObject,
} from '@binnacle/server-storage';
import { ChangeWindow, type WindowLimits } from './change-window.js';
import { ResourceCache } from './resource-cache.js';
import { RevisionWaiters } from './revision-waiters.js';

const NOTHING: ResourceSize = { objects: 0, bytes: 0 };

/** Changes read at a time when the window is lengthened into the past. */
const READ_BACK = 500;

/** Selectable fields of a resource that lists by equality find through an index. */
export type IndexedFields = (cluster: string, resource: string) => readonly string[];

export interface ClusterCacheOptions {
  readonly ctx: Context;
  readonly log: ChangeLog;
  readonly indexedFields: IndexedFields;
  readonly window: WindowLimits;
  /** Called with the resources of every batch of changes, before anybody else hears of them. */
  readonly onChanges: (cluster: string, resources: Iterable<string>) => void;
  /** The cache is of no more use: its feed has ended. */
  readonly onEnd: () => void;
}

/** One cluster: everything alive in it at one revision, the newest changes, and who watches them. */
export class ClusterCache {
  readonly incarnation: string;
  revision: Revision;
  /** Milliseconds of the clock at the last use. */
  lastUsed = 0;
  /** Of the bodies of what is alive. */
  bytes = 0;
  objects = 0;
  private readonly resources = new Map<string, ResourceCache>();
  private readonly window: ChangeWindow;
  private readonly watches = new Map<string, Set<ScopedWatch>>();
  private readonly waiters = new RevisionWaiters();
  private newest: Revision = 0;
  private reaching: Promise<void> | undefined;
  private stopFollowing: () => void = () => undefined;
  private ended = false;

  private constructor(
    readonly name: string,
    head: Head,
    private readonly options: ClusterCacheOptions,
  ) {
    this.incarnation = head.incarnation;
    this.revision = head.revision;
    this.window = new ChangeWindow(head.revision, options.window);
  }

  /** Reads all that is alive and follows the log from there. */
  static async load(name: string, options: ClusterCacheOptions): Promise<ClusterCache> {
    const { ctx, log } = options;
    const snapshot: Snapshot = await log.snapshot(ctx, name);
    const cache = new ClusterCache(name, snapshot, options);
    for await (const chunk of snapshot.items) {
      for (const object of chunk) cache.put(object.key.resource, sortKey(object.key), object);
    }
    const listener = {
      changes: (batch: readonly Change[]) => cache.changed(batch),
      failed: (error: Error) => cache.end(error),
    };
    cache.stopFollowing = log.follow(name, cache.revision, listener, cache.incarnation);
    return cache;
  }

  get windowBytes(): number {
    return this.window.bytes;
  }

  /** Keeps no more than so many bytes of recent changes for now. */
  trimWindow(bytes: number): void {
    this.window.trim(bytes);
  }

  get watchers(): number {
    let count = 0;
    for (const watches of this.watches.values()) count += watches.size;
    return count;
  }

  get lag(): number {
    return Math.max(0, this.newest - this.revision);
  }

  /** A revision that is known to be committed. */
  noticed(revision: Revision): void {
    this.newest = Math.max(this.newest, revision);
  }

  /** Resolves once the cache holds the revision. */
  reached(ctx: Context, revision: Revision): Promise<void> {
    if (this.ended) return Promise.reject(dropped());
    if (this.revision >= revision) return Promise.resolve();
    return this.waiters.wait(ctx, revision);
  }

  /** Indexes what the kinds of the cluster say now. */
  reindex(): void {
    for (const [resource, cache] of this.resources) cache.index(this.options.indexedFields(this.name, resource));
  }

  /** The objects a read of the scope has to look at, now. */
  present(scope: Scope): OrderedObjects {
    return this.resources.get(scope.resource)?.candidates(scope) ?? new SortedMap<StoredObject>();
  }

  sizeOf(resource: string): ResourceSize {
    return this.resources.get(resource)?.size ?? NOTHING;
  }

  /** The same at an earlier revision; undefined where the window does not reach back to it. */
  past(resource: string, revision: Revision): OrderedObjects | undefined {
    if (!this.window.reaches(revision)) return undefined;
    const present = this.resources.get(resource)?.objects ?? new SortedMap<StoredObject>();
    const since = this.window.after(revision).map((item) => item.change);
    return new PastView(
      present,
      since.filter((change) => change.object.key.resource === resource),
    );
  }

  /**
   * Lengthens the window into the past, if it may be so long. Whoever resumes after a restart does so from about the same
   * revision: they share one read of the log.
   */
  async reachBack(revision: Revision): Promise<void> {
    while (!this.ended && !this.window.reaches(revision) && this.window.hasRoomFor(this.window.start - revision)) {
      this.reaching ??= this.readBack(revision).finally(() => {
        this.reaching = undefined;
      });
      await this.reaching;
    }
  }

  private async readBack(revision: Revision): Promise<void> {
    const { start } = this.window;
    const changes: Change[] = [];
    while (revision + changes.length < start) {
      const limit = Math.min(READ_BACK, start - revision - changes.length);
      changes.push(...(await this.options.log.history(this.options.ctx, this.name, revision + changes.length, limit)));
    }
    if (this.window.start === start) this.window.prepend(changes.map(changeItem));
  }

  /** Replays the window to the watch and keeps feeding it; false where the window begins after the watch's position. */
  attach(watch: ScopedWatch): boolean {
    if (this.ended) watch.stream.fail(dropped());
    if (watch.stream.closed) return true;
    if (!this.window.reaches(watch.stream.position)) return false;
    watch.replay(inResource(this.window.after(watch.stream.position), watch.scope.resource));
    let watches = this.watches.get(watch.scope.resource);
    if (!watches) this.watches.set(watch.scope.resource, (watches = new Set()));
    watches.add(watch);
    return true;
  }

  detach(watch: ScopedWatch): void {
    this.watches.get(watch.scope.resource)?.delete(watch);
  }

  end(error: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.stopFollowing();
    this.waiters.rejectAll(error);
    for (const watches of this.watches.values()) for (const watch of [...watches]) watch.stream.fail(error);
    this.options.onEnd();
  }

  private changed(batch: readonly Change[]): void {
    const items = batch.map((change) => changeItem(this.apply(change)));
    this.window.add(items);
    this.revision = batch[batch.length - 1]?.object.revision ?? this.revision;
    this.options.onChanges(
      this.name,
      batch.map(({ object }) => object.key.resource),
    );
    for (const [resource, watches] of this.watches) {
      if (watches.size === 0) continue;
      const seen = inResource(items, resource);
      if (seen.length > 0) for (const watch of watches) watch.feed(seen);
    }
    this.waiters.reached(this.revision);
  }

  /** Takes the change in and tells what it replaced, which its sender need not know. */
  private apply(change: Change): Change {
    const { object, type } = change;
    const previous = this.put(object.key.resource, sortKey(object.key), type === 'DELETED' ? undefined : object);
    return previous && !change.previous ? { ...change, previous } : change;
  }

  private put(resource: string, key: string, object: StoredObject | undefined): StoredObject | undefined {
    let cache = this.resources.get(resource);
    if (!cache)
      this.resources.set(resource, (cache = new ResourceCache(this.options.indexedFields(this.name, resource))));
    const previous = cache.apply(key, object);
    this.bytes += (object?.body.length ?? 0) - (previous?.body.length ?? 0);
    this.objects += (object ? 1 : 0) - (previous ? 1 : 0);
    return previous;
  }
}

const dropped = () => new StorageError('unavailable', 'the cache was dropped', { retryAfterSeconds: 1 });

function inResource(items: readonly ChangeItem[], resource: string): readonly ChangeItem[] {
  return items.every((item) => item.change.object.key.resource === resource)
    ? items
    : items.filter((item) => item.change.object.key.resource === resource);
}
