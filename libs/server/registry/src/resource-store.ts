import { type ResourceDefinition, storageResource } from '@binnacle/apis-registry';
import type { ActKind } from '@binnacle/server-auth';
import { type DeleteOptions, isNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  type ListOptions,
  type ListResult,
  type ListRevision,
  ownersBytes,
  parseBody,
  type ResourceSize,
  type Scope,
  type StoredObject,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';
import { createObject, type CreateOptions, type CreateTarget, type WriteOptions } from './create-object.js';
import { cloneJson } from '@binnacle/machinery-patch';
import { deleteObject, type DeleteResult } from './delete-object.js';
import { conflict } from './failures.js';
import { keyOf, viewOf, viewsOf } from './object-encoding.js';
import { type RequestContext, withPermit } from './request-context.js';
import { guarded, type ObjectPlace, readStored, type ResourceCore, revisionAsked } from './resource-core.js';
import { type Change, restoreOwners, updateObject, type UpdateOptions } from './update-object.js';
import { viewWatch } from './view-watch.js';
import { VisibleStore } from './visible/visible-store.js';

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
  private readonly visible: VisibleStore;

  constructor(readonly core: ResourceCore) {
    this.visible = new VisibleStore(core);
  }

  get definition(): ResourceDefinition {
    return this.core.definition;
  }

  /** Reads one object, newest by default. */
  async get(ctx: RequestContext, place: ObjectPlace, revision?: ListRevision): Promise<StoredObject> {
    this.check(ctx, 'read', place);
    return viewOf(ctx, this.definition, await readStored(this.core, ctx, place, revision));
  }

  async list(ctx: RequestContext, selection: Selection, options: ListOptions): Promise<ListResult> {
    const listing = this.visible.list(ctx, this.scope(ctx, selection), options);
    const result = await guarded(this.core, '', listing, revisionAsked(options.revision));
    ctx.signal.throwIfAborted();
    if (!this.definition.storage) return result;
    return { ...result, items: await viewsOf(ctx, this.definition, result.items) };
  }

  async watch(ctx: RequestContext, selection: Selection, options: WatchOptions): Promise<Watch> {
    const scope = this.scope(ctx, selection);
    const watch = await guarded(this.core, '', this.visible.watch(ctx, scope, options), options.after);
    const viewed = this.definition.storage ? viewWatch(ctx, this.definition, watch) : watch;
    return this.definition.custom ? this.core.watches.keep(ctx, this.definition, viewed) : viewed;
  }

  /** The bytes of an object's managed fields, as far as they are known without waiting. */
  peekOwners(ctx: RequestContext, place: ObjectPlace): Buffer | undefined {
    this.check(ctx, 'read', place);
    const stored = this.core.storage.peek(keyOf(this.definition, ctx.cluster, place.namespace, place.name));
    return stored && ownersBytes(stored);
  }

  /** Creates from a draft, which is changed in place. */
  create(
    ctx: RequestContext,
    target: CreateTarget,
    draft: UnstructuredObject,
    options?: CreateOptions,
  ): Promise<StoredObject> {
    this.check(ctx, 'create', { namespace: target.namespace, name: target.name ?? '' });
    return createObject(this.core, ctx, target, draft, options);
  }

  /** Changes an object, starting again whenever another writer was faster. */
  update(ctx: RequestContext, place: ObjectPlace, change: Change, options?: UpdateOptions): Promise<StoredObject> {
    this.check(ctx, 'update', place);
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
      this.refuseUid(next);
      const draft = cloneJson(next);
      restoreOwners(draft, options.sentOwners, '');
      return { stored: await this.createMissing(ctx, place, draft, options), created: true };
    }
  }

  /** Makes what a PUT or an apply found missing. It may say a resourceVersion, that of the object it was read from. */
  async createMissing(
    ctx: RequestContext,
    place: ObjectPlace,
    draft: UnstructuredObject,
    options?: CreateOptions,
  ): Promise<StoredObject> {
    delete draft.metadata.resourceVersion;
    // Whoever may only change what is there makes nothing that is not.
    const permit = await ctx.permit.also(ctx, 'create');
    return this.create(withPermit(ctx, permit), place, draft, options);
  }

  /** Who insists on the very object that is gone does not want another. */
  private refuseUid({ metadata: { uid, name = '' } }: UnstructuredObject): void {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: `;
    if (uid) throw conflict(this.definition, name, why);
  }

  delete(
    ctx: RequestContext,
    place: ObjectPlace,
    options?: DeleteOptions,
    write?: WriteOptions,
  ): Promise<DeleteResult> {
    this.check(ctx, 'delete', place);
    this.warnOfDeletion(ctx, options);
    return deleteObject(this.core, ctx, place, options, write);
  }

  /** Deletes what the selection holds; answers the states deleted or marked, and the revision they were found at. */
  async deleteCollection(
    ctx: RequestContext,
    selection: Selection,
    options?: DeleteOptions,
    write?: WriteOptions,
  ): Promise<{ readonly deleted: readonly StoredObject[]; readonly revision: number }> {
    const deleted: StoredObject[] = [];
    this.warnOfDeletion(ctx, options);
    let after: ListOptions['after'];
    let revision: number | undefined;
    do {
      const page: ListResult = await this.list(ctx, selection, pageAfter(after));
      revision ??= page.revision;
      for (let at = 0; at < page.items.length; at += TOGETHER) {
        ctx.signal.throwIfAborted();
        const some = page.items.slice(at, at + TOGETHER);
        const results = await Promise.all(
          some.map(({ key }) => this.delete(ctx, key, options, write).catch(ignoreMissing)),
        );
        deleted.push(...results.flatMap((result) => (result ? [result.stored] : [])));
      }
      after = page.more ? page.items.at(-1)?.key : undefined;
    } while (after);
    return { deleted, revision };
  }

  /** What a list of it in a cluster takes, as far as it is known without waiting. */
  sizeIn(cluster: string): ResourceSize | undefined {
    const { storage } = this.core;
    return storage.listSize ?? storage.sizeOf?.(cluster, storageResource(this.definition));
  }

  private warnOfDeletion(ctx: RequestContext, { propagationPolicy, orphanDependents }: DeleteOptions = {}): void {
    const { deletionWarning } = this.definition.strategy;
    if (deletionWarning && !propagationPolicy && orphanDependents === undefined) ctx.warn(deletionWarning);
  }

  /** A private, parsed copy. */
  decode(stored: StoredObject): UnstructuredObject {
    return parseBody(stored);
  }

  /** @throws Error where nobody asked whether the caller may. */
  private check({ cluster, permit }: RequestContext, act: ActKind, { namespace, name }: ObjectPlace): void {
    const { group, names } = this.definition;
    permit.check(act, { cluster, group, resource: names.plural, namespace, name });
  }

  private scope(ctx: RequestContext, selection: Selection): Scope {
    const { namespace = '', name = '' } = selection;
    // Who may see some of them sees none of what is selected besides, and is told no more.
    this.check(ctx, 'read', { namespace: ctx.permit.namespaces ? '' : namespace, name });
    return { ...selection, cluster: ctx.cluster, resource: storageResource(this.definition) };
  }
}

function pageAfter(after: ListOptions['after']): ListOptions {
  return { revision: { at: 'latest' }, limit: PAGE, ...(after && { after }) };
}

function ignoreMissing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
