import { type ResourceDefinition, storageResource } from '@binnacle/apis-kubernetes/registry';
import { type DeleteOptions, isNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  type ListOptions,
  type ListResult,
  type ListRevision,
  parseBody,
  type Scope,
  type StoredObject,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';
import { createObject, type CreateTarget, type WriteOptions } from './create-object.js';
import { cloneJson } from '@binnacle/machinery-patch';
import { deleteObject, type DeleteResult } from './delete-object.js';
import { conflict } from './failures.js';
import { viewOf } from './object-encoding.js';
import type { RequestContext } from './request-context.js';
import { guarded, type ObjectPlace, readStored, type ResourceCore, revisionAsked } from './resource-core.js';
import { type Change, updateObject, type UpdateOptions } from './update-object.js';
import { viewWatch } from './view-watch.js';

/** Which objects of a resource a list, watch or collection delete is about. */
export type Selection = Omit<Scope, 'cluster' | 'resource'>;

export interface ReplaceResult {
  readonly stored: StoredObject;
  readonly created: boolean;
}

const PAGE = 500;
/** A collection is deleted this many objects at a time, so that one commit takes several. */
const TOGETHER = 32;

/**
 * Everything that can be done with the objects of one resource, over the store and with the kind's rules and admission
 * applied. What it answers are stored bytes (`jsonBytes`, `jsonPieces`); `decode` parses them where an object is needed.
 * Every method rejects with a StatusError as kube-apiserver would answer.
 */
export class ResourceStore {
  constructor(readonly core: ResourceCore) {}

  get definition(): ResourceDefinition {
    return this.core.definition;
  }

  /** Reads one object, newest by default. */
  async get(ctx: RequestContext, place: ObjectPlace, revision?: ListRevision): Promise<StoredObject> {
    return viewOf(this.definition, await readStored(this.core, ctx, place, revision));
  }

  async list(ctx: RequestContext, selection: Selection, options: ListOptions): Promise<ListResult> {
    const scope = this.scope(ctx, selection);
    const listing = this.core.storage.list(ctx, scope, options);
    const result = await guarded(this.core, '', listing, revisionAsked(options.revision));
    if (!this.definition.storage) return result;
    return { ...result, items: result.items.map((item) => viewOf(this.definition, item)) };
  }

  async watch(ctx: RequestContext, selection: Selection, options: WatchOptions): Promise<Watch> {
    const scope = this.scope(ctx, selection);
    const watch = await guarded(this.core, '', this.core.storage.watch(ctx, scope, options), options.after);
    return this.definition.storage ? viewWatch(this.definition, watch) : watch;
  }

  /** Creates from a draft, which is changed in place. */
  create(
    ctx: RequestContext,
    target: CreateTarget,
    draft: UnstructuredObject,
    options?: WriteOptions,
  ): Promise<StoredObject> {
    return createObject(this.core, ctx, target, draft, options);
  }

  /** Changes an object, starting again whenever another writer was faster. */
  update(ctx: RequestContext, place: ObjectPlace, change: Change, options?: UpdateOptions): Promise<StoredObject> {
    return updateObject(this.core, ctx, place, change, options);
  }

  /** Puts `next` in the place of an object, or creates it where the kind allows that. */
  async replace(
    ctx: RequestContext,
    place: ObjectPlace,
    next: UnstructuredObject,
    options: UpdateOptions = {},
  ): Promise<ReplaceResult> {
    try {
      const change = () => cloneJson(next);
      return { stored: await this.update(ctx, place, change, { ...options, pure: true }), created: false };
    } catch (error) {
      const creates = this.definition.strategy.allowCreateOnUpdate && (options.rules ?? 'main') === 'main';
      if (!creates || !isNotFound(error)) throw error;
      return { stored: await this.create(ctx, place, this.draftOf(next), options), created: true };
    }
  }

  /** What was read of an object that is gone since makes a new one, unless its writer insists on the old. */
  private draftOf(next: UnstructuredObject): UnstructuredObject {
    const { uid, name = '' } = next.metadata;
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: `;
    if (uid) throw conflict(this.definition, name, why);
    const draft = cloneJson(next);
    delete draft.metadata.resourceVersion;
    return draft;
  }

  delete(
    ctx: RequestContext,
    place: ObjectPlace,
    options?: DeleteOptions,
    write?: WriteOptions,
  ): Promise<DeleteResult> {
    return deleteObject(this.core, ctx, place, options, write);
  }

  /** Deletes what the selection holds; answers the states deleted or marked. */
  async deleteCollection(
    ctx: RequestContext,
    selection: Selection,
    options?: DeleteOptions,
    write?: WriteOptions,
  ): Promise<StoredObject[]> {
    const deleted: StoredObject[] = [];
    let after: ListOptions['after'];
    do {
      const page: ListResult = await this.list(ctx, selection, pageAfter(after));
      for (let at = 0; at < page.items.length; at += TOGETHER) {
        const some = page.items.slice(at, at + TOGETHER);
        const results = await Promise.all(
          some.map(({ key }) => this.delete(ctx, key, options, write).catch(ignoreMissing)),
        );
        deleted.push(...results.flatMap((result) => (result ? [result.stored] : [])));
      }
      after = page.more ? page.items.at(-1)?.key : undefined;
    } while (after);
    return deleted;
  }

  /** A private, parsed copy. */
  decode(stored: StoredObject): UnstructuredObject {
    return parseBody(stored);
  }

  private scope(ctx: RequestContext, selection: Selection): Scope {
    return { ...selection, cluster: ctx.cluster, resource: storageResource(this.definition) };
  }
}

function pageAfter(after: ListOptions['after']): ListOptions {
  return { revision: { at: 'latest' }, limit: PAGE, ...(after && { after }) };
}

function ignoreMissing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
