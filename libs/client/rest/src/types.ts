import type { Context } from '@binnacle/machinery-context';
import type {
  DeleteOptions,
  KubeList,
  KubeObject,
  ListMeta,
  ResourceRef,
  UnstructuredObject,
  WatchEvent,
} from '@binnacle/machinery-meta';

export type { ResourceRef };

export interface ListQuery {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

export interface WatchQuery extends ListQuery {
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface ObjectName {
  readonly name: string;
  readonly namespace?: string;
}

export interface Getter<T extends KubeObject> {
  /** Rejects with a NotFound StatusError where there is none. */
  get(ctx: Context, name: ObjectName): Promise<T>;
}

export interface ListWatcher<T extends KubeObject> {
  list(ctx: Context, query?: ListQuery): Promise<KubeList<T> & { metadata: ListMeta }>;
  /** Ends when the server ends it; rejects with a StatusError for an ERROR event (410 Expired asks for a new list). */
  watch(ctx: Context, query: WatchQuery): AsyncIterable<WatchEvent<T>>;
}

export interface Writer<T extends KubeObject> {
  create(ctx: Context, object: T): Promise<T>;
  update(ctx: Context, object: T): Promise<T>;
  updateStatus(ctx: Context, object: T): Promise<T>;
  patch(ctx: Context, name: ObjectName, type: PatchType, patch: unknown, subresource?: string): Promise<T>;
  delete(ctx: Context, name: ObjectName, options?: DeleteOptions): Promise<void>;
}

/** Everything a client can do with one resource. Ask for the smallest part you need. */
export interface ResourceClient<T extends KubeObject = UnstructuredObject>
  extends Getter<T>,
    ListWatcher<T>,
    Writer<T> {
  readonly ref: ResourceRef;
  /** POST to a subresource, such as `binding` or `eviction`. */
  createSubresource(ctx: Context, name: ObjectName, subresource: string, body: UnstructuredObject): Promise<unknown>;
  /** PUT to a subresource, such as `finalize` of a namespace. */
  updateSubresource(ctx: Context, object: T, subresource: string): Promise<T>;
  deleteCollection(ctx: Context, query: ListQuery, options?: DeleteOptions): Promise<void>;
}

/** A logical cluster of a server, as `/clusters` tells it. */
export interface ClusterObject extends KubeObject {
  readonly spec?: {
    /** Addresses of Pods, Services, simulated nodes and load balancers; none where the server's programs are configured with them. */
    readonly podCIDR?: string;
    readonly serviceCIDR?: string;
    readonly nodeCIDR?: string;
    readonly loadBalancerCIDR?: string;
  };
}

/** A connection to one API server as one user, in one logical cluster. */
export interface KubeClient {
  /**
   * All logical clusters of the server: those there are as ADDED, a BOOKMARK, then what is made, moves and is deleted. Ends when
   * the server ends it.
   */
  watchClusters(ctx: Context): AsyncIterable<WatchEvent<ClusterObject>>;
  /** The same server as the same user, in another logical cluster, over the same connections: it need not be closed. */
  inCluster(name: string): KubeClient;
  resource<T extends KubeObject = UnstructuredObject>(ref: ResourceRef): ResourceClient<T>;
  /** Objects reduced to their metadata (PartialObjectMetadata), for those who need no more of any kind. */
  metadata(ref: ResourceRef): ListWatcher<KubeObject>;
  /** A plain request below the cluster's root, for discovery, logs and health. */
  raw(ctx: Context, method: string, path: string, body?: string): Promise<RawAnswer>;
  /** Closes idle connections; running requests fail. */
  close(): Promise<void>;
}

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}
