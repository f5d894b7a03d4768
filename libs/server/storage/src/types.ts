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
  /** Which of its requests made the change, where that is known. */
  readonly requestId?: string;
  /** Groups of the user, but for the one that everybody signed in is in; absent where they were not kept. */
  readonly groups?: readonly string[];
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
  /** Only these namespaces, and what is in them. Whoever reads looks at no others, so that few cost little. */
  readonly namespaces?: ReadonlySet<string>;
  /** Tests an object, mostly by its attributes; must be pure. */
  readonly matches?: (attributes: Attributes, key: Key, object: StoredObject) => boolean;
  /** Equality on one selectable field that an index may answer (for example `spec.nodeName`), implied by `matches`. */
  readonly index?: { readonly field: string; readonly value: string };
  /** Fields that have to have these values, implied by `matches`, for readers that look there first. */
  readonly equal?: Readonly<Record<string, string>>;
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
  /** The page ends with the object by which its bodies are more bytes than this. */
  readonly bytes?: number;
  /** Continue after this key, exclusive, in (namespace, name) order. */
  readonly after?: Pick<Key, 'namespace' | 'name'>;
}

export interface ListResult {
  readonly revision: Revision;
  readonly items: readonly StoredObject[];
  /** True where `limit` cut the list; the next page goes on after `next`. */
  readonly more: boolean;
  /** The last item unless it says otherwise. */
  readonly next?: Pick<Key, 'namespace' | 'name'>;
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
  /** Up to where everything has been handed over, or waits to be; in its scope or not. */
  readonly reached: Revision;
  /** Ends it at once. */
  close(): void;
  /** Ends it after what has happened so far. */
  conclude(): void;
}

export interface ResourceSize {
  readonly objects: number;
  /** Of all bodies. */
  readonly bytes: number;
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
  /** How much there is of a resource, as far as it is known without waiting. */
  sizeOf?(cluster: string, resource: string): ResourceSize | undefined;
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
  /** Differs between two clusters that had the same name one after the other. */
  readonly incarnation: string;
  /** A small number that no two living clusters share. */
  readonly place: number;
  /** The oldest revision that can still be read exactly or watched from. */
  readonly oldest?: Revision;
}

export interface ClusterStore {
  createCluster(ctx: Context, name: string): Promise<ClusterInfo>;
  deleteCluster(ctx: Context, name: string): Promise<void>;
  listClusters(ctx: Context): Promise<readonly ClusterInfo[]>;
}

/** Which changes a reader of the log is after. Absent members match everything. */
export interface ChangeFilter {
  /** Empty for the core group. */
  readonly group?: string;
  /** Plural name. */
  readonly resource?: string;
  /** Any of these; the empty one is that of cluster-scoped objects. */
  readonly namespaces?: readonly string[];
  readonly name?: string;
  readonly user?: string;
  readonly type?: ChangeType;
}

/** A part of a cluster's log, read from its newer or from its older end. */
export interface ChangeRange {
  readonly cluster: string;
  /** Exclusive. */
  readonly after: Revision;
  /** Inclusive. */
  readonly upTo: Revision;
  readonly order: 'newestFirst' | 'oldestFirst';
  readonly filter?: ChangeFilter;
  /** Changes a page may hold. */
  readonly limit: number;
}

/** What one read of a part of the log has found. */
export interface ChangePage {
  /** In the order asked for, with `previous`. */
  readonly changes: readonly Change[];
  /** The revision the read has come to, inclusive: the next page begins behind it. */
  readonly reached: Revision;
  /** Whether something of the part has not been looked at; pages may be empty and still not the last. */
  readonly more: boolean;
}

/** What can be done with the past of a cluster. */
export interface HistoryStore {
  /**
   * A page of the changes in a part of the log: no more than a few megabytes, found among no more than `CHANGES_A_PAGE`
   * revisions. Read from its newer end it goes back as far as history does; from its older end it rejects with `expired`
   * where that is not kept any more. Rejects with `future` for what is not committed yet.
   */
  changes(ctx: Context, range: ChangeRange): Promise<ChangePage>;
  /**
   * The newest revision committed at or before a time, in milliseconds since the epoch. Rejects with `expired` where history
   * does not go back to it.
   */
  revisionAt(ctx: Context, cluster: string, time: number): Promise<Revision>;
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

/** That a logical cluster is there, or is there no more, and where it has got to. */
export interface ClusterMove {
  readonly name: string;
  readonly incarnation: string;
  /** The newest revision that is known to have changed more than signs of life. */
  readonly revision: Revision;
  readonly createdAt: number;
  readonly place: number;
  readonly deleted?: boolean;
}

/** Called with what moved since the last call, the newest state of each cluster once. Must not throw. */
export type ClusterListener = (moves: readonly ClusterMove[]) => void;

/** Tells which clusters move, whoever moves them, without reading what is in them. */
export interface ClusterWatcher {
  /**
   * Tells of every cluster there is before it resolves, then of every move, also across lost connections, until the call
   * it resolves to. Signs of life (`isSignOfLife`) are no moves.
   */
  followClusters(ctx: Context, listener: ClusterListener): Promise<() => void>;
}

/** What a cache in front of a store knows of the clusters it holds. */
export interface ClusterUse {
  /** Calls the listener with every cluster that is read or written for the first time in a while, until the returned call. */
  onLoad(listener: (cluster: string) => void): () => void;
  /** Clusters that somebody watches. */
  watched(): readonly string[];
}

/** Tells at once what becomes known of one resource, in whatever cluster: for what is derived from it. */
export interface ResourceListening {
  /**
   * Calls the listener with a cluster before anybody is told of changes to the resource in it, and when the cluster becomes
   * known, until the returned call. What is known of it can be peeked at then. It must not throw.
   */
  onChange(resource: string, listener: (cluster: string) => void): () => void;
  /**
   * Calls the listener with a cluster of which nothing is known any more, for now: what is derived from it may go as well. It must
   * not throw, nor read the cluster, which would make it known again. A source that never forgets has none.
   */
  onForget?(listener: (cluster: string) => void): () => void;
}

export interface Storage
  extends Partial<ClusterUse>,
    Partial<ResourceListening>,
    StorageReader,
    StorageWriter,
    ClusterStore,
    HistoryStore,
    ChangeLog,
    ClusterWatcher {
  close(): Promise<void>;
}
