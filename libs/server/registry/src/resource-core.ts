import type { ResourceDefinition, ResourceSet } from '@binnacle/apis-registry';
import type { Ends, Soon, Steps } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type {
  Key,
  ListOptions,
  ListResult,
  ListRevision,
  ResourceSize,
  Scope,
  StorageReader,
  StorageWriter,
  StoredObject,
  Watch,
  WatchOptions,
  Write,
} from '@binnacle/server-storage';
import type { Admission } from './admission.js';
import { fromStorage, notFound } from './failures.js';
import { keyOf } from './object-encoding.js';
import type { ObjectTurns } from './object-turns.js';
import type { OpenWatches } from './open-watches.js';
import { actorOf, type RequestContext, unhurried } from './request-context.js';
import type { VisibleSets } from './visible-sets.js';

/** Undoes what a hook took when the write it was taken for does not happen. */
export type Release = (ctx: RequestContext) => Promise<void>;

/** From which state to which. */
export interface ObjectChange {
  readonly old: UnstructuredObject;
  readonly next?: UnstructuredObject;
}

/** What some kinds do around a write, such as taking an address for a Service. Not called for a dry run. */
export interface ResourceHooks {
  beforeCreate?(ctx: RequestContext, object: UnstructuredObject, dryRun: boolean): Promise<Release>;
  beforeUpdate?(
    ctx: RequestContext,
    next: UnstructuredObject,
    old: UnstructuredObject,
    dryRun: boolean,
  ): Promise<Release>;
  /**
   * Does the write of an object that is there, among whatever must be done before it or not be done meanwhile; `next` is absent where
   * the object goes. What it rejects with refuses the request.
   */
  around?(ctx: RequestContext, change: ObjectChange, write: () => Promise<StoredObject>): Promise<StoredObject>;
  afterUpdate?(ctx: RequestContext, next: UnstructuredObject, old: UnstructuredObject): Promise<void>;
  afterDelete?(ctx: RequestContext, object: UnstructuredObject): Promise<void>;
}

/** The part of the store that objects are kept in. */
export type ResourceStorage = StorageReader & StorageWriter;

/** Where the objects of one resource come from: the store itself, or for a virtual kind what answers as the store would. */
export interface ObjectSource {
  get(ctx: RequestContext, key: Key, revision?: ListRevision): Promise<StoredObject | undefined>;
  list(ctx: RequestContext, scope: Scope, options: ListOptions): Promise<ListResult>;
  watch(ctx: RequestContext, scope: Scope, options: WatchOptions): Promise<Watch>;
  write(ctx: RequestContext, write: Write): Promise<StoredObject>;
  peek(key: Key): StoredObject | undefined;
  /** How much there is of a resource, as far as it is known without waiting. */
  sizeOf?(cluster: string, resource: string): ResourceSize | undefined;
  /** Where no list looks through all there is: what one takes. */
  readonly listSize?: ResourceSize;
}

/** Does long work to its end, letting others in between; at once where it is not long. */
export type InTurns = <T>(work: T | Steps<T>, ends: Ends) => Soon<T>;

/** What every verb of one resource works with. */
export interface ResourceCore {
  readonly definition: ResourceDefinition;
  readonly storage: ObjectSource;
  readonly admission: Admission;
  readonly hooks: ResourceHooks;
  /** Who writes which of its objects now. */
  readonly turns: ObjectTurns;
  /** Its states of the past can be listed, by which a watch goes on in other namespaces. */
  readonly keepsStates: boolean;
  /** What was visible to whom. */
  readonly visible: VisibleSets;
  /** The watches that end when their kind leaves. */
  readonly watches: OpenWatches;
  /** What a cluster serves, without waiting; undefined where the cluster is at rest here. */
  readonly servedBy: (cluster: string) => ResourceSet | undefined;
  readonly inTurns: InTurns;
}

/** Where an object is; `namespace` is empty for cluster-scoped kinds. */
export interface ObjectPlace {
  readonly namespace: string;
  readonly name: string;
}

export async function readStored(
  core: ResourceCore,
  ctx: RequestContext,
  place: ObjectPlace,
  revision?: ListRevision,
): Promise<StoredObject> {
  const key = keyOf(core.definition, ctx.cluster, place.namespace, place.name);
  const stored = await guarded(core, place.name, core.storage.get(ctx, key, revision), revisionAsked(revision));
  if (!stored) throw notFound(core.definition, place.name);
  return stored;
}

/** The revision a read names, if it names one. */
export function revisionAsked(revision: ListRevision | undefined): number | undefined {
  return revision && 'revision' in revision ? revision.revision : undefined;
}

/** Turns failures of the store into what a client is told. */
export async function guarded<T>(core: ResourceCore, name: string, attempt: Promise<T>, asked?: number): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    throw fromStorage(core.definition, name, error, asked);
  }
}

/** What follows a write does not undo it, nor is it refused for it: values that are not given back are found by the repair. */
export async function afterWrite(ctx: RequestContext, act: (later: RequestContext) => Promise<void>): Promise<void> {
  try {
    await act(unhurried(ctx));
  } catch (error) {
    ctx.logger.warn('what a write left behind is cleared up later', { error });
  }
}

/** Writes an object that is there, with what its kind does around that. */
export function writeAround(
  { hooks }: ResourceCore,
  ctx: RequestContext,
  change: ObjectChange,
  write: () => Promise<StoredObject>,
): Promise<StoredObject> {
  return hooks.around ? hooks.around(ctx, change, write) : write();
}

type Unsigned<W> = W extends Write ? Omit<W, 'actor'> : never;

export function writeStored(core: ResourceCore, ctx: RequestContext, write: Unsigned<Write>): Promise<StoredObject> {
  return core.storage.write(ctx, { ...write, actor: actorOf(ctx) });
}
