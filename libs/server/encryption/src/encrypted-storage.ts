import type { Context } from '@binnacle/machinery-context';
import type {
  Change,
  ChangeRange,
  ClusterListener,
  Key,
  ListOptions,
  ListRevision,
  LogListener,
  Revision,
  Scope,
  Snapshot,
  Storage,
  StoredObject,
  Watch,
  WatchItem,
  WatchOptions,
  Write,
} from '@binnacle/server-storage';
import { isSealed } from './sealed-body.js';
import type { Sealer } from './sealer.js';

/** A store that holds sealed what its sealer says. Above it everything is as it was written; below it nobody reads it. */
export class EncryptedStorage implements Storage {
  /** What this process has sealed itself it need not open again. */
  private readonly written = new WeakMap<Buffer, Buffer>();

  constructor(
    private readonly source: Storage,
    private readonly sealer: Sealer,
  ) {}

  async get(ctx: Context, key: Key, revision?: ListRevision) {
    const found = await this.source.get(ctx, key, revision);
    return found && this.opened(found);
  }

  async list(ctx: Context, scope: Scope, options: ListOptions) {
    const found = await this.source.list(ctx, this.scoped(scope), options);
    return { ...found, items: this.openedAll(found.items) };
  }

  async watch(ctx: Context, scope: Scope, options: WatchOptions): Promise<Watch> {
    const watch = await this.source.watch(ctx, this.scoped(scope), options);
    const items = this.openedItems(watch);
    return {
      close: () => watch.close(),
      conclude: () => watch.conclude(),
      get reached() {
        return watch.reached;
      },
      [Symbol.asyncIterator]: () => items[Symbol.asyncIterator](),
    };
  }

  peek(key: Key) {
    const found = this.source.peek(key);
    return found && this.opened(found);
  }

  peekAll(scope: Scope) {
    const found = this.source.peekAll(this.scoped(scope));
    return found && this.openedAll(found);
  }

  revision(ctx: Context, cluster: string) {
    return this.source.revision(ctx, cluster);
  }

  async write(ctx: Context, write: Write): Promise<StoredObject> {
    const { key, body } = write;
    const sealed = this.sealer.seal(key, body);
    if (sealed === body) return this.source.write(ctx, write);
    this.written.set(sealed, body);
    const stored = await this.source.write(ctx, { ...write, body: sealed });
    return this.opened(stored);
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

  async changes(ctx: Context, range: ChangeRange) {
    const page = await this.source.changes(ctx, range);
    return { ...page, changes: page.changes.map((change) => this.openedChange(change)) };
  }

  revisionAt(ctx: Context, cluster: string, time: number) {
    return this.source.revisionAt(ctx, cluster, time);
  }

  compact(ctx: Context, cluster: string, oldest: Revision) {
    return this.source.compact(ctx, cluster, oldest);
  }

  forkCluster(ctx: Context, source: string, revision: Revision, name: string) {
    return this.source.forkCluster(ctx, source, revision, name);
  }

  head(ctx: Context, cluster: string) {
    return this.source.head(ctx, cluster);
  }

  async snapshot(ctx: Context, cluster: string): Promise<Snapshot> {
    const snapshot = await this.source.snapshot(ctx, cluster);
    return { ...snapshot, items: this.openedChunks(snapshot.items) };
  }

  async history(ctx: Context, cluster: string, after: Revision, limit: number) {
    const changes = await this.source.history(ctx, cluster, after, limit);
    return changes.map((change) => this.openedChange(change));
  }

  follow(cluster: string, after: Revision, listener: LogListener, incarnation?: string): () => void {
    let stop: () => void = () => undefined;
    const changes = (batch: readonly Change[]): void => {
      let opened: readonly Change[];
      try {
        opened = batch.map((change) => this.openedChange(change));
      } catch (error) {
        stop();
        return listener.failed(error as Error);
      }
      listener.changes(opened);
    };
    stop = this.source.follow(cluster, after, { changes, failed: (error) => listener.failed(error) }, incarnation);
    return () => stop();
  }

  close() {
    return this.source.close();
  }

  private opened(object: StoredObject): StoredObject {
    const { key, revision, body } = object;
    if (!isSealed(body)) return object;
    return {
      key,
      revision,
      attributes: object.attributes,
      body: this.written.get(body) ?? this.sealer.open(key, body),
    };
  }

  private openedAll(objects: readonly StoredObject[]): readonly StoredObject[] {
    return objects.some(({ body }) => isSealed(body)) ? objects.map((object) => this.opened(object)) : objects;
  }

  private openedChange(change: Change): Change {
    const object = this.opened(change.object);
    const previous = change.previous && this.opened(change.previous);
    if (object === change.object && previous === change.previous) return change;
    return { ...change, object, ...(previous && { previous }) };
  }

  /** Tests see objects as they were written. */
  private scoped(scope: Scope): Scope {
    const { matches } = scope;
    if (!matches) return scope;
    return { ...scope, matches: (attributes, key, object) => matches(attributes, key, this.opened(object)) };
  }

  private async *openedChunks(chunks: Snapshot['items']): AsyncGenerator<readonly StoredObject[]> {
    for await (const chunk of chunks) yield this.openedAll(chunk);
  }

  private async *openedItems(watch: Watch): AsyncGenerator<readonly WatchItem[]> {
    for await (const batch of watch)
      yield batch.map((item) => (item.kind === 'change' ? { ...item, change: this.openedChange(item.change) } : item));
  }
}
