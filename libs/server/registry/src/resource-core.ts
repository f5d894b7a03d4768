import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { ListRevision, StorageReader, StorageWriter, StoredObject, Write } from '@binnacle/server-storage';
import type { Admission } from './admission.js';
import { fromStorage, notFound } from './failures.js';
import { keyOf } from './object-encoding.js';
import { actorOf, type RequestContext } from './request-context.js';

/** Undoes what a hook took when the write it was taken for does not happen. */
export type Release = (ctx: RequestContext) => Promise<void>;

/** What some kinds do around a write, such as taking an address for a Service. Not called for a dry run. */
export interface ResourceHooks {
  beforeCreate?(ctx: RequestContext, object: UnstructuredObject, dryRun: boolean): Promise<Release>;
  beforeUpdate?(
    ctx: RequestContext,
    next: UnstructuredObject,
    old: UnstructuredObject,
    dryRun: boolean,
  ): Promise<Release>;
  afterUpdate?(ctx: RequestContext, next: UnstructuredObject, old: UnstructuredObject): Promise<void>;
  afterDelete?(ctx: RequestContext, object: UnstructuredObject): Promise<void>;
}

/** The part of the store that objects are kept in. */
export type ResourceStorage = StorageReader & StorageWriter;

/** What every verb of one resource works with. */
export interface ResourceCore {
  readonly definition: ResourceDefinition;
  readonly storage: ResourceStorage;
  readonly admission: Admission;
  readonly hooks: ResourceHooks;
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

type Unsigned<W> = W extends Write ? Omit<W, 'actor'> : never;

export function writeStored(core: ResourceCore, ctx: RequestContext, write: Unsigned<Write>): Promise<StoredObject> {
  return core.storage.write(ctx, { ...write, actor: actorOf(ctx) });
}
