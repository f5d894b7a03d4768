import type { Context } from '@binnacle/machinery-context';

/**
 * The store: an ordered, durable, replayable log of objects, one log per logical cluster.
 *
 * Revisions are consecutive integers per cluster, in commit order. Bodies are opaque bytes here: see `body.ts` for the
 * one encoding they have and for how a revision is spliced in without parsing.
 */
export type Revision = number;

/** Identifies an object. `resource` is `pods` for the core group, else `<group>/<plural>` such as `apps/deployments`. */
export interface Key {
  readonly cluster: string;
  readonly resource: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

/** What selectors match on, computed once by whoever encoded the object. */
export interface Attributes {
  readonly labels: Readonly<Record<string, string>>;
  /** Selectable fields besides metadata.name and metadata.namespace, for example `spec.nodeName`. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface StoredObject {
  readonly key: Key;
  readonly revision: Revision;
  /** The encoded object without its resourceVersion. Never mutated after it is handed over. */
  readonly body: Buffer;
  readonly attributes: Attributes;
}

/** Who made a change, kept with it for ever. */
export interface Actor {
  readonly user: string;
  /** The client's user agent, or the component's name. */
  readonly client: string;
}

interface WriteBase {
  readonly key: Key;
  readonly body: Buffer;
  readonly attributes: Attributes;
  readonly actor: Actor;
}

/** Stored only if the key is free. */
export interface CreateWrite extends WriteBase {
  readonly op: 'create';
}

/** Stored only if the object is still at `expected`. */
export interface UpdateWrite extends WriteBase {
  readonly op: 'update';
  readonly expected: Revision;
}

/** Removes the object only if it is still at `expected`; `body` is its last state, delivered to watchers. */
export interface DeleteWrite extends WriteBase {
  readonly op: 'delete';
  readonly expected: Revision;
}

export type Write = CreateWrite | UpdateWrite | DeleteWrite;

/** Narrows a list or watch. Absent members match everything. */
export interface Scope {
  readonly cluster: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Tests an object's attributes; must be pure. */
  readonly matches?: (attributes: Attributes, key: Key) => boolean;
  /** Equality on one selectable field that an index may answer (for example `spec.nodeName`), implied by `matches`. */
  readonly index?: { readonly field: string; readonly value: string };
}

export type ListRevision =
  /** Reflects every write acknowledged before the call. */
  | { readonly at: 'latest' }
  /** Whatever the cache holds, possibly stale. */
  | { readonly at: 'any' }
  | { readonly at: 'notOlderThan'; readonly revision: Revision }
  | { readonly at: 'exact'; readonly revision: Revision };

export interface ListOptions {
  readonly revision: ListRevision;
  readonly limit?: number;
  /** Continue after this key, exclusive, in (namespace, name) order. */
  readonly after?: Pick<Key, 'namespace' | 'name'>;
}

export interface ListResult {
  readonly revision: Revision;
  readonly items: readonly StoredObject[];
  /** True where `limit` cut the list; the next page goes on after the last item. */
  readonly more: boolean;
  /** How many remain, known only for lists without a selector. */
  readonly remaining?: number;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One entry of the log. */
export interface Change {
  readonly type: ChangeType;
  readonly object: StoredObject;
  /** The object before the change, absent for ADDED. Lets a selector tell entering from leaving. */
  readonly previous?: StoredObject;
  readonly actor: Actor;
  /** Milliseconds since the epoch at commit. */
  readonly time: number;
}

export type WatchItem =
  | { readonly kind: 'change'; readonly change: Change }
  /** Everything up to `revision` has been delivered. `initial` marks the end of the initial state. */
  | { readonly kind: 'bookmark'; readonly revision: Revision; readonly initial?: boolean };

export interface WatchOptions {
  /** Deliver changes after this revision; undefined starts with the present state as ADDED and a bookmark. */
  readonly after?: Revision;
  readonly bookmarks?: boolean;
}

/**
 * An ordered stream. Items arrive in batches (what one commit produced); the type of a change is already adjusted to the
 * scope: entering it is ADDED, leaving it is DELETED (with the object's last matching body at the leaving revision).
 */
export interface Watch extends AsyncIterable<readonly WatchItem[]> {
  close(): void;
}

/** Reads. The watch cache, Postgres and memory all serve this and pass one behaviour suite. */
export interface StorageReader {
  get(ctx: Context, key: Key, revision?: ListRevision): Promise<StoredObject | undefined>;
  list(ctx: Context, scope: Scope, options: ListOptions): Promise<ListResult>;
  watch(ctx: Context, scope: Scope, options: WatchOptions): Promise<Watch>;
  /** What is known of an object without waiting, possibly stale; undefined also where nothing is known. */
  peek(key: Key): StoredObject | undefined;
  /** The same for everything in a scope, in key order; undefined where nothing is known of the cluster. */
  peekAll(scope: Scope): readonly StoredObject[] | undefined;
  /** The newest committed revision of a cluster, linearizable. */
  revision(ctx: Context, cluster: string): Promise<Revision>;
}

export interface StorageWriter {
  /** Resolves when the change is durable; rejects with a `StorageError`. */
  write(ctx: Context, write: Write): Promise<StoredObject>;
}

export interface ClusterInfo {
  readonly name: string;
  readonly revision: Revision;
  readonly createdAt: number;
  /** The oldest revision that can still be read exactly or watched from. */
  readonly oldest?: Revision;
}

export interface ClusterStore {
  createCluster(ctx: Context, name: string): Promise<ClusterInfo>;
  deleteCluster(ctx: Context, name: string): Promise<void>;
  listClusters(ctx: Context): Promise<readonly ClusterInfo[]>;
}

/** What can be done with the past of a cluster. */
export interface HistoryStore {
  /** Gives up the history before `oldest`; the present state always stays. Going back is no error and does nothing. */
  compact(ctx: Context, cluster: string, oldest: Revision): Promise<void>;
  /** A new cluster that holds what `source` held at `revision`, with the same revisions, and counts on from there. */
  forkCluster(ctx: Context, source: string, revision: Revision, name: string): Promise<ClusterInfo>;
}

/** Where a cluster's log ends. */
export interface Head {
  readonly revision: Revision;
  /** History goes back to here. */
  readonly oldest: Revision;
  /** Differs between two clusters that had the same name one after the other. */
  readonly incarnation: string;
}

export interface Snapshot extends Head {
  /** Everything alive at `revision`, by resource, then in key order, in chunks. */
  readonly items: AsyncIterable<readonly StoredObject[]>;
}

export interface LogListener {
  /** Consecutive changes, continuing where the last call ended; `previous` may be missing. Must not throw. */
  changes(batch: readonly Change[]): void;
  /** Nothing more follows: the history was given up (`expired`), the cluster deleted (`unknownCluster`), or closed. */
  failed(error: Error): void;
}

/** A whole cluster's log, as caches and replicas read it. */
export interface ChangeLog {
  /** Linearizable, as `revision` is. */
  head(ctx: Context, cluster: string): Promise<Head>;
  snapshot(ctx: Context, cluster: string): Promise<Snapshot>;
  /** At most `limit` changes after a revision, oldest first, with `previous` filled. Rejects with `expired`. */
  history(ctx: Context, cluster: string, after: Revision, limit: number): Promise<readonly Change[]>;
  /**
   * Calls the listener with every change after a revision, also across lost connections, until the returned call. With
   * an incarnation it fails, rather than follow a new cluster of the same name.
   */
  follow(cluster: string, after: Revision, listener: LogListener, incarnation?: string): () => void;
}

export interface Storage extends StorageReader, StorageWriter, ClusterStore, HistoryStore, ChangeLog {
  close(): Promise<void>;
}
